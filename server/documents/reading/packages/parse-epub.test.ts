import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeBlocks } from '../../../../tests/files/describe-blocks.ts';
import { makeEpub } from '../../../../tests/files/epub-file.ts';
import { readOrRefuse } from '../../../../tests/files/read-or-refuse.ts';
import { makeZip } from '../../../../tests/files/zip-file.ts';
import { DocumentError } from '../../../errors.ts';
import { parseEpub } from './parse-epub.ts';

const parse = (bytes: Uint8Array) => parseEpub({ bytes, filename: 'a.epub' });
const refused = (code: string) => (error: unknown) => error instanceof DocumentError && error.code === code;

test('chapters are read in the order of the spine, without the contents page', async () => {
  const chapters = [
    '<h1>One</h1><p>It was<br/>dark.<a id="x"/></p><aside epub:type="footnote"><p>1. A note.</p></aside>',
    '<section><h2>Two &amp; more</h2><nav>no</nav><p>End.</p></section>',
  ];
  const document = await parse(makeEpub({ title: 'Tales & more', chapters }));
  assert.equal(document.title, 'Tales & more');
  assert.deepEqual(describeBlocks(document), [
    'heading 1: One',
    'paragraph: It was\ndark.',
    'paragraph: 1. A note.',
    'heading 2: Two & more',
    'paragraph: End.',
  ]);
});

test('a missing chapter is noted', async () => {
  const zip = makeZip({
    'META-INF/container.xml': '<rootfile full-path="a.opf"/>',
    'a.opf':
      '<item id="a" href="a.html" media-type="text/html"/><item id="b" href="../b%ZZ.html#x" media-type="text/html"/><itemref idref="a"/><itemref idref="b"/><itemref idref="a"/>',
    'a.html': '<p>once',
  });
  const { text, notes } = await parse(zip);
  assert.equal(text, 'once');
  assert.deepEqual(
    notes.map(({ code }) => code),
    ['content_skipped'],
  );
});

test('a protected book is refused; one that only hides its fonts is read', async () => {
  const aes = makeEpub({ chapters: ['<p>a</p>'], encryption: 'http://www.w3.org/2001/04/xmlenc#aes128-cbc' });
  await assert.rejects(parse(aes), refused('document_encrypted'));
  const fonts = makeEpub({ chapters: ['<p>a</p>'], encryption: 'http://www.idpf.org/2008/embedding' });
  assert.equal((await parse(fonts)).text, 'a');
  await assert.rejects(parse(makeZip({ a: 'b' })), refused('document_broken'));
});

test('a truncated or altered book is read or refused, and nothing else', async () => {
  await readOrRefuse(makeEpub({ chapters: ['<h1>a</h1><p>b</p>', '<ul><li>c</li></ul>'] }), parseEpub);
});
