import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DocumentError } from '../../errors.ts';
import { cleanFilename } from '../clean-filename.ts';
import { decodeText } from './decode-text.ts';

const refused = (code: string, byte?: number) => (error: unknown) =>
  error instanceof DocumentError && error.code === code && error.extra?.byte === byte;

test('byte order mark, line ends and stray NULs are normalised', () => {
  assert.equal(decodeText(Buffer.from('\uFEFFone\r\ntwo\rthree\nfo\0ur')), 'one\ntwo\nthree\nfour');
});

test('the first byte that is no UTF-8 is named, wherever it stands', () => {
  const cases: [bytes: number[], at: number][] = [
    [[0x61, 0xff, 0x62], 1],
    [[0xe2, 0x82, 0xac, 0xc3, 0x28], 3], // € and then a lead byte without its second
    [[0xef, 0xbf, 0xbd, 0x80], 3], // a real U+FFFD is no fault
    [[0x61, 0xe2, 0x82], 1], // cut off at the end
  ];
  for (const [bytes, at] of cases)
    assert.throws(() => decodeText(Uint8Array.from(bytes)), refused('document_not_utf8', at), bytes.join());
});

test('files of other kinds, binary data and files without anything to read are refused', () => {
  assert.throws(() => decodeText(Buffer.from('%PDF-1.7 …')), refused('unsupported_media_type'));
  assert.throws(() => decodeText(Buffer.from([...'abc'].join('\x01\x02'))), refused('document_not_text'));
  for (const nothing of ['', ' \n\t ', '\u200B\u200B', '\0'])
    assert.throws(() => decodeText(Buffer.from(nothing)), refused('document_empty'), JSON.stringify(nothing));
});

test('file names lose folders and deceiving characters, and keep their ending', () => {
  assert.equal(cleanFilename('../../etc/pass\0wd.txt'), 'passwd.txt');
  assert.equal(cleanFilename('C:\\docs\\a.txt'), 'a.txt');
  assert.equal(cleanFilename('a\u202Etxt.exe'), 'atxt.exe');
  assert.equal(cleanFilename('..'), 'unnamed');
  const long = cleanFilename(`${'x'.repeat(300)}.txt`);
  assert.equal(long.length, 255);
  assert.ok(long.endsWith('.txt'));
});
