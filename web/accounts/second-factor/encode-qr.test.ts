import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import { encodeQr } from './encode-qr.ts';

const TEXT = 'otpauth://totp/Lectern:ada%40example.com?secret=JBSWY3DPEHPK3PXP&issuer=Lectern&'.repeat(10);

/** SHA-256 of the rows of the same codes as the Python package qrcode 8 makes them: level M, mask 0, bytes. */
const known = [
  { version: 1, bytes: 1, sha256: 'ebf9b577ce9e2f30097d183c0a9683bd1a3752fcaf46244f13bd7e8014d35b50' },
  { version: 1, bytes: 14, sha256: '8332c0f218dfcae0b8ef6f9fe63fc740467e379dada61fae07ec9e11e84b5352' },
  { version: 2, bytes: 26, sha256: 'b1ad749f375fc4f7f40602d78a75b743cbf88f04be8bc51d5d53eb6e937289c4' },
  { version: 5, bytes: 84, sha256: 'b49d3559bb8b22a18e9633742dbe4f765323470758b50a2021387c6c218c5ecb' },
  { version: 7, bytes: 122, sha256: 'd8e71b657856e2bd30ea0c8f1eaba2f15a17497b6a8711fb3103fe50da31a022' },
  { version: 10, bytes: 200, sha256: '20aff17e98dd0cb705d2256139582402ac80d96f76baf028a9e47d5167e3f531' },
  { version: 17, bytes: 503, sha256: 'e1c312732a085b4c27968da75b997d8f4a32b69031e127b9095d1f53b86a4f49' },
  { version: 20, bytes: 666, sha256: '05ed1bcfb11d42f35ed4cba340b20560614738071948cf40bc06b54307598492' },
];

function rowsOf(text: string): string[] {
  const { size, isDark } = encodeQr(text);
  const places = Array.from({ length: size }, (_, at) => at);
  return places.map(y => places.map(x => (isDark(x, y) ? '1' : '0')).join(''));
}

describe('QR codes', () => {
  for (const { version, bytes, sha256 } of known)
    test(`${bytes} bytes are a code of version ${version}, as others make it`, () => {
      const rows = rowsOf(TEXT.slice(0, bytes));
      assert.equal(rows.length, 17 + 4 * version);
      assert.equal(createHash('sha256').update(rows.join('\n')).digest('hex'), sha256);
    });

  test('what is too long is refused', () => assert.throws(() => encodeQr('x'.repeat(667)), RangeError));
});
