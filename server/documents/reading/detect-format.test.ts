import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeZip } from '../../../tests/files/zip-file.ts';
import { DocumentError } from '../../errors.ts';
import { detectFormat, isReadableName, isTextLike, readableEndings } from './detect-format.ts';

const detect = (filename: string, head: string | Uint8Array = 'text') =>
  detectFormat(filename, typeof head === 'string' ? Buffer.from(head, 'latin1') : head);

const refused = (sentence: RegExp) => (error: unknown) =>
  error instanceof DocumentError && error.code === 'unsupported_media_type' && sentence.test(error.message);

const pdf = '%PDF-1.7\n';
const oldOffice = '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1';
const odt = makeZip([{ name: 'mimetype', data: 'application/vnd.oasis.opendocument.text', stored: true }]);
const docx = makeZip([
  { name: '[Content_Types].xml', data: '<Types/>' },
  { name: 'word/document.xml', data: '<w:document/>' },
]);

test('the ending says what a file is, in capitals too', () => {
  const cases: [name: string, head: string | Uint8Array, format: string, mediaType: string][] = [
    ['notes.txt', 'text', 'text', 'text/plain'],
    ['NOTES.TXT', 'text', 'text', 'text/plain'],
    ['a.b.md', '# a', 'markdown', 'text/markdown'],
    ['page.htm', '<p>', 'html', 'text/html'],
    ['page.xhtml', '<p/>', 'html', 'application/xhtml+xml'],
    ['t.tsv', 'a\tb', 'csv', 'text/tab-separated-values'],
    ['r.ndjson', '{}', 'json', 'application/jsonl'],
    ['main.rs', 'fn', 'source-code', 'text/plain'],
    ['drawing.svg', '<svg>', 'source-code', 'text/plain'],
    ['letter.rtf', '{\\rtf1 }', 'rtf', 'application/rtf'],
    ['mail.eml', 'From: a', 'eml', 'message/rfc822'],
    ['paper.pdf', pdf, 'pdf', 'application/pdf'],
    ['scan.pdf', `${'\0'.repeat(1000)}${pdf}`, 'pdf', 'application/pdf'],
    ['a.docm', docx, 'docx', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
    ['a.odt', odt, 'odt', 'application/vnd.oasis.opendocument.text'],
    ['a.zip', docx, 'zip', 'application/zip'],
    ['empty.zip', `PK\x05\x06${'\0'.repeat(18)}`, 'zip', 'application/zip'],
  ];
  for (const [name, head, format, mediaType] of cases)
    assert.deepEqual(detect(name, head), { format, mediaType }, name);
});

test('well-known names need no ending', () => {
  assert.equal(detect('README').format, 'text');
  assert.equal(detect('LICENSE').format, 'text');
  assert.equal(detect('Makefile').format, 'source-code');
  assert.equal(detect('Dockerfile').format, 'source-code');
});

test('a file without a byte is empty, whatever its name promises', () => {
  for (const name of ['a.txt', 'a.pdf', 'a.docx', 'a.eml', 'a.zip'])
    assert.throws(() => detect(name, ''), { code: 'document_empty' });
  assert.throws(() => detect('a.exe', ''), { code: 'unsupported_media_type' });
});

test('what is no kind of file that is read is refused by its name', () => {
  assert.throws(
    () => detect('notes.txt.exe'),
    refused(/^“notes\.txt\.exe” ends in \.exe, which Lectern can’t read\. Lectern reads PDF,/),
  );
  assert.throws(() => detect('txt'), refused(/^“txt” has no ending that says what it is\./));
  assert.throws(() => detect('photo.png', '\x89PNG\r\n'), refused(/^“photo\.png” is a PNG image, which/));
  assert.throws(() => detect('old.doc', oldOffice), refused(/save it as \.docx\./));
});

test('an Office document in a compound file is left to its parser, which can tell a password', () => {
  assert.equal(detect('locked.docx', oldOffice).format, 'docx');
});

test('content that contradicts the name is refused, and the sentence says what the file is', () => {
  const cases: [name: string, head: string | Uint8Array, sentence: RegExp][] = [
    ['notes.txt', pdf, /^“notes\.txt” is named \.txt but is a PDF\./],
    ['notes.txt', docx, /but is a ZIP archive/],
    ['notes.md', '\x89PNG\r\n', /but is a PNG image/],
    ['notes.txt', '\x7fELF\x02', /but is a program/],
    ['notes.csv', oldOffice, /but is an old or password-protected Office document/],
    ['README', pdf, /is named like a text but is a PDF/],
    ['text.pdf', 'text', /but is no PDF/],
    ['text.docx', 'text', /but is not one/],
    ['image.docx', '\x89PNG\r\n', /but is a PNG image/],
    ['old.odt', oldOffice, /save it as \.odt without one/],
    ['text.rtf', 'text', /but is no Rich Text/],
    ['letter.epub', odt, /but holds odt/],
    ['letter.xlsx', docx, /but holds docx/],
    ['letter.zip', 'text', /but is not one/],
  ];
  for (const [name, head, sentence] of cases)
    assert.throws(() => detect(name, head), refused(sentence), name);
});

test('texts that begin like a program’s magic number are texts', () => {
  for (const text of [
    'MZ is the sign of a program',
    'ID3 is a decision tree',
    'GIF8 bit pictures',
    'BM',
    'BZh',
  ])
    assert.equal(detect('notes.txt', text).format, 'text', text);
});

test('the endings for the command line are those that are detected', () => {
  assert.ok(readableEndings.length > 100);
  assert.equal(new Set(readableEndings).size, readableEndings.length, 'no ending twice');
  assert.ok(readableEndings.every(ending => /^\.[a-z0-9]+$/.test(ending) && isReadableName(`a${ending}`)));
  assert.ok(!isReadableName('a.exe'));
  assert.ok(isTextLike('markdown') && !isTextLike('pdf') && !isTextLike('eml'));
});

test('whatever the bytes, a file is detected or refused', () => {
  const name = fc.oneof(fc.constantFrom(...readableEndings.map(ending => `a${ending}`)), fc.string());
  const magic = fc.constantFrom('', 'PK\x03\x04', 'PK\x05\x06', '%PDF-', oldOffice);
  fc.assert(
    fc.property(name, magic, fc.uint8Array(), (filename, start, rest) => {
      try {
        detectFormat(filename, Buffer.concat([Buffer.from(start, 'latin1'), rest]));
      } catch (error) {
        assert.ok(error instanceof DocumentError, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test('a media type that is compressed in an archive is read, and rubbish is not shown', () => {
  const archive = (data: string) => makeZip([{ name: 'mimetype', data }]);
  assert.equal(detectFormat('a.epub', archive('application/epub+zip')).format, 'epub');
  assert.equal(detectFormat('a.odt', archive('application/vnd.oasis.opendocument.text')).format, 'odt');
  assert.throws(() => detectFormat('a.odt', archive('application/epub+zip')), /but holds epub/);
  // Sizes after the data: the header says 0.
  const streamed = archive('application/epub+zip');
  streamed.writeUInt32LE(0, 18);
  assert.throws(() => detectFormat('a.odt', streamed), /but holds epub/);
  for (const data of ['\x01\x02binary', 'x'.repeat(5_000), ''])
    assert.equal(detectFormat('a.epub', archive(data)).format, 'epub');
});
