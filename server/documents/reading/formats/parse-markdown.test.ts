import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ParsedDocument } from '../parsed-document.ts';
import { parseMarkdown } from './parse-markdown.ts';

const parse = (text: string) => parseMarkdown({ bytes: Buffer.from(text), filename: 'a.md' });

function blocksOf({ text, blocks }: ParsedDocument): string[] {
  return blocks.map(block => {
    const kind = block.kind === 'heading' ? `heading ${block.level}` : block.kind;
    return `${kind}: ${text.slice(block.start, block.end)}`;
  });
}

const page = `# The **light**house #

Painted green
in 1931.

History
-------

- white
- red
  more

  - deep
1. first

   second paragraph
2. last

\`\`\`js
# no heading

- no item
\`\`\`

    indented code

| Year | Colour |
|------|--------|
| 1931 | green  |
| 1950 | red    |

> quoted
> text

***

<div>
raw
</div>

### End
[link]: http://example.com
`;

test('the text stays as it is, and the map says what its marks mean', () => {
  const document = parse(page);
  assert.equal(document.text, page);
  assert.equal(document.title, 'The lighthouse');
  assert.deepEqual(blocksOf(document), [
    'heading 1: The **light**house',
    'paragraph: Painted green\nin 1931.',
    'heading 2: History',
    'list-item: - white',
    'list-item: - red\n  more',
    'list-item: - deep',
    'list-item: 1. first\n\n   second paragraph',
    'list-item: 2. last',
    'code: ```js\n# no heading\n\n- no item\n```',
    'code:     indented code',
    'table-header: | Year | Colour |\n|------|--------|',
    'table-row: | 1931 | green  |',
    'table-row: | 1950 | red    |',
    'paragraph: > quoted\n> text',
    'paragraph: <div>\nraw\n</div>',
    'heading 3: End',
  ]);
});

test('front matter gives the title, in YAML and in TOML', () => {
  const yaml = parse('---\ntitle: "A: b"\ndate: 2024-01-01\n---\n\n# Heading\n');
  assert.equal(yaml.title, 'A: b');
  assert.deepEqual(blocksOf(yaml), [
    'paragraph: ---\ntitle: "A: b"\ndate: 2024-01-01\n---',
    'heading 1: Heading',
  ]);
  assert.equal(parse("+++\ntitle = 'Toml'\n+++\ntext").title, 'Toml');
  assert.equal(parse('---\nlayout: page\n---\n# Heading').title, 'Heading');
  assert.deepEqual(blocksOf(parse('---\nJust text\n\n---\n')), ['paragraph: Just text']);
});

test('the title is the first heading of the first level, without its marks', () => {
  assert.equal(
    parse('## Second\n\n# The [manual](a.md) of `lectern` \\* <br>\n').title,
    'The manual of lectern *',
  );
  assert.equal(parse('# snake_case _works_\n').title, 'snake_case works');
  assert.equal(parse('text').title, undefined);
});

test('code in a list item is no list', () => {
  assert.deepEqual(blocksOf(parse('- a\n  ```\n  - code\n  ```\n- b\n')), [
    'list-item: - a\n  ```\n  - code\n  ```',
    'list-item: - b',
  ]);
});

test('a large file is parsed in sections, with the same result', () => {
  const one = parse(page.replace(/\[link].*\n/, '\n'));
  const times = 200;
  const large = parse(`${one.text}`.repeat(times));
  assert.equal(large.blocks.length, one.blocks.length * times);
  assert.deepEqual(blocksOf(large).slice(-one.blocks.length), blocksOf(one));
  const fenced = parse(`\`\`\`\n${'code\n\n# no heading\n'.repeat(5_000)}\`\`\`\n\n# heading\n`);
  assert.deepEqual(
    fenced.blocks.map(({ kind }) => kind),
    ['code', 'heading'],
  );
});

test('5 MB of pathological Markdown take seconds, not minutes', { timeout: 60_000 }, () => {
  const start = performance.now();
  for (const piece of [
    '> ',
    '- ',
    '1. ',
    '> - a\n',
    '- a\n\n',
    '[',
    '`',
    '|',
    '<!-- ',
    '```\n',
    '#',
    '***\n',
    'a\n=\n',
  ])
    parse(`a${piece.repeat(1_000_000 / piece.length)}`);
  parse(Array.from({ length: 2_000 }, (_, depth) => `${' '.repeat(depth * 2)}- a`).join('\n'));
  parse(`| a | b |\n|---|---|\n${'| 1 | 2 |\n'.repeat(500_000)}`);
  assert.ok(performance.now() - start < 40_000);
});

test('whatever the marks, blocks are in order, apart, within the text and hold something', () => {
  const marks = [
    '# ',
    '- ',
    '1. ',
    '> ',
    '```',
    '|',
    '---',
    '===',
    '    ',
    '\t',
    '<p>',
    '[a]: b',
    '*',
    '\\',
    '~~~',
    '+++',
  ];
  const piece = fc.oneof(
    fc.constantFrom(...marks),
    fc.constantFrom('a', ' ', '\n', '\n\n', '\r\n', '\0', 'é', '\f', '\u00A0'),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 60 }), pieces => {
      const { text, blocks } = parse(`${'x '.repeat(300)}\n\n${pieces.join('')}`);
      assert.ok(text.isWellFormed());
      assert.doesNotMatch(text, /[\0\r]/);
      let at = 0;
      for (const { start, end } of blocks) {
        assert.ok(at <= start && start < end && end <= text.length, `${at} <= ${start} < ${end}`);
        assert.notEqual(text.slice(start, end).trim(), '');
        at = end;
      }
    }),
    { numRuns: 2000 },
  );
});

test('a heading of the first level far down is a heading, and not the title', () => {
  const document = parse(`${'Some words of a plain text. '.repeat(100)}\n\n# A part\n\nMore.`);
  assert.equal(document.title, undefined);
  assert.ok(document.blocks.some(({ kind }) => kind === 'heading'));
});

test('a paragraph with dashes under it is a paragraph, a short line with them a heading', () => {
  const long = 'Words of a paragraph that ends with a rule. '.repeat(6).trim();
  const { blocks, title } = parse(`${long}\n-----\n\nA title\n=======\n\nText.`);
  assert.deepEqual(
    blocks.map(({ kind }) => kind),
    ['paragraph', 'heading', 'paragraph'],
  );
  assert.equal(title, 'A title');
});
