import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkParsedDocument, describeBlocks } from '../../../../tests/files/describe-blocks.ts';
import { DocumentBuilder } from '../document-builder.ts';
import type { MarkupDialect } from '../scan-markup.ts';
import { renderHtml } from './render-html.ts';

function render(html: string, dialect: MarkupDialect = 'html') {
  const builder = new DocumentBuilder();
  renderHtml(html, builder, { dialect });
  return builder.build();
}
const blocksOf = (html: string, dialect?: MarkupDialect) => describeBlocks(render(html, dialect));

test('headings, paragraphs and preformatted text become blocks', () => {
  assert.deepEqual(
    blocksOf(
      '<h1>The <div>title</div></h1>loose<p>one  \n two<br>three &amp; &eacute;</p><pre>\na\n  b\n</pre>',
    ),
    ['heading 1: The title', 'paragraph: loose', 'paragraph: one two\nthree & é', 'code: a\n  b'],
  );
});

test('lists keep their numbers and their depth; further paragraphs of an item stand below it', () => {
  const html = '<ul><li>a<ol start=3><li>b<p>more</p><li>c</ol><li>d</ul><ol><li value=7>e</ol>';
  assert.equal(render(html).text, '- a\n  3. b\n     more\n  4. c\n- d\n7. e');
  assert.ok(blocksOf(html).every(block => block.startsWith('list-item: ')));
});

test('a definition stands beside its term', () => {
  assert.deepEqual(blocksOf('<dl><dt>Fee</dt><dd>12 %</dd><dd>monthly</dd><dt>Alone</dt></dl>'), [
    'list-item: - Fee: 12 %',
    'list-item: - monthly',
    'paragraph: Alone',
  ]);
});

test('a table has its header rows, and a cell is one text whatever it holds', () => {
  assert.deepEqual(
    blocksOf(
      '<table><caption>Prices</caption><tr><th>Item<th>Price<tr><th>Tea<td><p>2</p><ul><li>net</ul><tr><td><td>9</table>',
    ),
    ['paragraph: Prices', 'table-header: Item | Price', 'table-row: Tea | 2 net', 'table-row: | 9'],
  );
});

test('tables that only place things on the page are read as what they hold', () => {
  const inner = '<table><thead><tr><td>a<td>b</thead><tr><td>1<td>2</table>';
  assert.deepEqual(
    blocksOf(`<table><tr><td><h2>Head</h2><p>before</p>${inner}<p>after</p><td>beside</table>`),
    [
      'heading 2: Head',
      'paragraph: before',
      'table-header: a | b',
      'table-row: 1 | 2',
      'paragraph: after',
      'paragraph: beside',
    ],
  );
  assert.deepEqual(blocksOf('<table role=presentation><tr><td><p>x</p><td>y</table>'), [
    'paragraph: x',
    'paragraph: y',
  ]);
});

test('scripts, styles, navigation and hidden parts are left out, and what a picture shows is kept', () => {
  assert.deepEqual(
    blocksOf(
      `<head><title>no</title><style>no{}</style><body><nav>no<nav>no</nav>no</nav><p>see <img alt="a map"></p>
       <script>"<p>no"</script><div hidden>no<div>no</div></div><p style="display: none">no<p>yes</p>
       <svg><title>no</title><text>no</text></svg><template>no</template><select><option>no</select>
       <noscript>no</noscript><textarea>written</textarea>`,
    ),
    ['paragraph: see a map', 'paragraph: yes', 'paragraph: written'],
  );
});

test('the numbers of notes stand in brackets, and the ways back are left out', () => {
  const page = (type: string, back: string) =>
    `<p>Signed.<a href="#n" ${type}><sup>1</sup></a> Then <a href="#n" ${type}>[2]</a></p><ol><li id=n>Two pages.<a href="#r" ${back}>↩</a></ol>`;
  const expected = 'Signed.[1] Then [2]\n\n1. Two pages.';
  assert.equal(render(page('role="doc-noteref"', 'role="doc-backlink"')).text, expected);
  assert.equal(
    render(page('epub:type="noteref"', 'epub:type="backlink"'), 'xhtml').text.replace(/\n+/g, '\n\n'),
    expected,
  );
});

test('in XHTML an empty script is closed, in HTML it swallows what follows', () => {
  const page = '<script src="a"/><p>text<![CDATA[ & more]]></p>';
  assert.deepEqual(blocksOf(page, 'xhtml'), ['paragraph: text & more']);
  assert.deepEqual(blocksOf(page), []);
});

test('100,000 elements within each other are read, and deep lists are not drowned in indentation', () => {
  for (const tag of ['div', 'b', 'table', 'ul', 'blockquote']) {
    const deep = `<${tag}>`.repeat(100_000) + tag + `</${tag}>`.repeat(100_000) + '</x>'.repeat(100_000);
    assert.equal(render(deep).text, tag);
  }
  assert.ok(render('<ul><li>a'.repeat(20_000)).text.length < 20_000 * 30);
});

test('whatever the markup, the map fits the text', () => {
  const tags =
    'h2 p ul ol li dl dt dd table thead tr td th pre br div b nav /h2 /p /ul /li /dl /table /tr /td /pre';
  const piece = fc.oneof(
    fc.constantFrom(...tags.split(' ')).map(tag => `<${tag}>`),
    fc.string({ unit: 'binary', maxLength: 5 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), pieces => checkParsedDocument(render(pieces.join('')))),
    { numRuns: 500 },
  );
});
