import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkParsedDocument, describeBlocks } from '../../../../tests/files/describe-blocks.ts';
import { readOrRefuse } from '../../../../tests/files/read-or-refuse.ts';
import { DocumentError } from '../../../errors.ts';
import { parseHtml } from './parse-html.ts';

const parse = (html: string | Uint8Array, filename = 'a.html') =>
  parseHtml({ bytes: Buffer.from(html), filename });

const page = `<!DOCTYPE html><html><head><meta charset="utf-8"><title> The
 lighthouse &ndash; home</title><meta property="og:title" content="Shared"></head><body>
<nav>Home | Contact</nav><h1>The lighthouse</h1><p>Painted <b>green</b> in&nbsp;1931.</p>
<ul><li>white<li>red</ul><table><tr><th>Year<th>Colour<tr><td>1931<td>green</table>
<pre>a
  b</pre><footer>Imprint</footer></body></html>`;

test('a page becomes its text in blocks, with its title', () => {
  const document = parse(page);
  assert.equal(document.title, 'The lighthouse – home');
  assert.deepEqual(describeBlocks(document), [
    'heading 1: The lighthouse',
    'paragraph: Painted green in 1931.',
    'list-item: - white',
    'list-item: - red',
    'table-header: Year | Colour',
    'table-row: 1931 | green',
    'code: a\n  b',
    'paragraph: Imprint',
  ]);
  assert.deepEqual(document.notes, []);
});

test('the part that is marked as the page’s own is taken alone when it is most of it', () => {
  const text = 'The lighthouse of Tangen was painted green in 1931. '.repeat(5);
  for (const tag of ['main', 'article', 'MAIN'])
    assert.deepEqual(
      describeBlocks(
        parse(`<p>Share this page</p><${tag} class=a><p>${text}</p></${tag}><p>You may also like</p>`),
      ),
      [`paragraph: ${text.trim()}`],
    );
  const teaser = `<main><p>Teaser</p></main><p>${text}</p>`;
  assert.deepEqual(describeBlocks(parse(teaser)), ['paragraph: Teaser', `paragraph: ${text.trim()}`]);
  assert.equal(describeBlocks(parse(`<article>${text}</article><article>${text}</article>`)).length, 2);
});

test('boxes and footers within the page’s own text are kept, around it only where that says little', () => {
  const text = 'The lighthouse of Tangen was painted green in 1931. '.repeat(12).trim();
  const own = (tag: string) =>
    `<${tag}><p>${text}</p><aside>Warning: never climb it.</aside><footer>Seen in May.</footer></${tag}>`;
  const around = '<aside>Buy now</aside><footer>Imprint</footer>';
  const kept = [`paragraph: ${text}`, 'paragraph: Warning: never climb it.', 'paragraph: Seen in May.'];
  for (const tag of ['main', 'article']) {
    assert.deepEqual(describeBlocks(parse(`${around}${own(tag)}${around}`)), kept);
    assert.deepEqual(describeBlocks(parse(`<p>${text}${text}</p>${own(tag)}${around}`)).slice(1), kept);
  }
  assert.match(parse(own('div')).text, /Warning: never climb it\.\s+Seen in May\./);
  assert.equal(
    parse(`<main>Closed.</main><p>A sign that is longer</p>${around}`).text.split('\n\n').length,
    4,
  );
});

test('the title is that of the head, or what the page is shared as', () => {
  assert.equal(parse('<meta property="og:title" content="Shared &amp; so"><p>a').title, 'Shared & so');
  assert.equal(parse('<p>a<svg><title>Logo</title></svg>').title, undefined);
  assert.equal(parse('<title></title><p>a').title, undefined);
  assert.equal(parse('<p>a').title, undefined);
});

test('the encoding is that which the page declares', () => {
  const latin = Buffer.from('<meta charset="ISO-8859-1"><title>Caf\xe9</title><p>caf\xe9</p>', 'latin1');
  const document = parse(latin);
  assert.equal(document.text, 'café');
  assert.equal(document.title, 'Café');
  assert.equal(document.notes[0]?.code, 'encoding_detected');
});

test('a head that is never closed does not hide the text', () => {
  assert.equal(parse('<head><title>a</title><p>The text.').text, 'The text.');
});

test('a page that shows nothing is refused', () => {
  const isRefusal = (error: unknown) =>
    error instanceof DocumentError && error.code === 'document_without_text';
  for (const html of [
    '<script>run()</script>',
    '<html><body></body></html>',
    '<nav>Home</nav>',
    '<img src="a.png">',
  ])
    assert.throws(() => parse(html), isRefusal, html);
});

test('large and deeply nested pages take time in proportion', () => {
  const start = performance.now();
  assert.equal(parse(`${'<div>'.repeat(200_000)}deep${'</div>'.repeat(200_000)}`).text, 'deep');
  parse(`<p>a${'<main>'.repeat(200_000)}`);
  assert.throws(() => parse('<title>a'.repeat(200_000)), DocumentError);
  parse(`<p>a${'<'.repeat(2_000_000)}`);
  parse(`<p>a${'<head '.repeat(300_000)}`);
  parse(`<main><p>${'All is well. <b>'.repeat(600_000)}</main>`);
  assert.ok(performance.now() - start < 30_000);
});

test('a page that is cut off or altered is read or refused', async () => {
  await readOrRefuse(Buffer.from(page), parseHtml);
  const piece = fc.constantFrom(
    '<main>',
    '</main>',
    '<title>',
    '<p>',
    'a',
    '&amp;',
    '<head>',
    '<!--',
    '-->',
    '<article',
    '>',
  );
  fc.assert(
    fc.property(fc.array(piece), pieces => {
      try {
        checkParsedDocument(parse(pieces.join('')));
      } catch (error) {
        assert.ok(error instanceof DocumentError, String(error));
      }
    }),
  );
});
