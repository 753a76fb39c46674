import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeBlocks } from '../../../../tests/files/describe-blocks.ts';
import { readOrRefuse } from '../../../../tests/files/read-or-refuse.ts';
import { makeOverlappingZip, makeZip } from '../../../../tests/files/zip-file.ts';
import { DocumentError } from '../../../errors.ts';
import { DocumentBuilder } from '../document-builder.ts';
import type { DocumentFile } from '../parsed-document.ts';
import { parseZip } from './parse-zip.ts';

const refused = (code: string) => (error: unknown) => error instanceof DocumentError && error.code === code;

/** Reads .txt as a heading and a paragraph on a page, doesn't know .bin, and fails at a text "broken". */
async function parseMember({ bytes, filename }: DocumentFile) {
  if (!filename.endsWith('.txt')) return undefined;
  const text = Buffer.from(bytes).toString();
  if (text === 'broken') throw new DocumentError('document_broken', 'broken');
  if (text === 'bug') throw new TypeError('bug');
  const builder = new DocumentBuilder();
  builder.page();
  builder.heading(text === 'deep' ? 6 : 1, `About ${filename}`);
  builder.paragraph(text);
  builder.note({ code: 'encoding_detected', message: 'guessed' });
  return builder.build();
}
const parse = (bytes: Uint8Array) => parseZip({ bytes, filename: 'a.zip' }, parseMember);

test('the readable files become one document, and what is left out is said', async () => {
  const document = await parse(
    makeZip([
      { name: 'docs/', data: '' },
      { name: '/docs/../a.txt', data: 'first' },
      { name: 'C:\\b.txt', data: 'deep' },
      { name: '__MACOSX/._a.txt', data: 'x' },
      { name: '.git/config.txt', data: 'x' },
      { name: 'docs/.DS_Store', data: 'x' },
      { name: 'c.txt', data: 'broken' },
      { name: 'inner.zip', data: 'x' },
      { name: 'locked.txt', data: 'x', encrypted: true },
      { name: 'd.bin', data: 'x' },
    ]),
  );
  assert.deepEqual(describeBlocks(document), [
    'heading 1: docs/a.txt',
    'heading 2: About a.txt',
    'paragraph: first',
    'heading 1: C:/b.txt',
    'heading 6: About b.txt',
    'paragraph: deep',
  ]);
  assert.deepEqual(document.pageStarts, []);
  assert.deepEqual(document.notes, [
    {
      code: 'content_skipped',
      message:
        'Left out: c.txt (damaged), inner.zip (an archive within the archive), locked.txt (protected with a password), d.bin (of a kind that is not read).',
    },
    { code: 'encoding_detected', message: 'docs/a.txt: guessed' },
    { code: 'encoding_detected', message: 'C:/b.txt: guessed' },
  ]);
});

test('of many files left out the first are named', async () => {
  const others = Array.from({ length: 30 }, (_, index) => [`${index}.bin`, '']);
  const { notes } = await parse(makeZip({ 'a.txt': 'x', ...Object.fromEntries(others) }));
  assert.match(
    notes[0]?.message ?? '',
    /^Left out: 0\.bin \(of a kind that is not read\), .*, 19\.bin \([^)]*\) and 10 more\.$/,
  );
});

test('an archive with nothing to read is refused with its reason', async () => {
  await assert.rejects(parse(makeZip({ 'a.bin': 'x' })), refused('document_without_text'));
  await assert.rejects(parse(makeZip({})), refused('document_without_text'));
  const locked = makeZip([{ name: 'a.txt', data: 'x', encrypted: true }]);
  await assert.rejects(parse(locked), refused('document_encrypted'));
});

test('a bomb among the files ends the reading; a fault of ours is no fault of the file', async () => {
  const names = Array.from({ length: 500 }, (_, index) => `${index}.bin`);
  await assert.rejects(parse(makeOverlappingZip(names, 60_000_000)), refused('document_too_complex'));
  await assert.rejects(parse(makeZip({ 'a.txt': 'bug' })), TypeError);
});

test('a truncated or altered archive is read or refused, and nothing else', async () => {
  await readOrRefuse(makeZip({ 'a.txt': 'text', 'b/c.txt': 'more', 'd.bin': '' }), file =>
    parseZip(file, parseMember),
  );
});
