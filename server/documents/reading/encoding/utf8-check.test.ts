import assert from 'node:assert/strict';
import { isUtf8 } from 'node:buffer';
import { test } from 'node:test';
import fc from 'fast-check';
import { Utf8Check } from './utf8-check.ts';

test('it agrees with the platform, in whatever pieces, and names the byte that the text is valid up to', () => {
  const edges = [
    0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5,
  ];
  const piece = fc.array(fc.constantFrom(...edges), { maxLength: 6 }).map(bytes => Uint8Array.from(bytes));
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 5 }), pieces => {
      const check = new Utf8Check();
      for (const one of pieces) check.push(one);
      const bytes = Buffer.concat(pieces);
      const invalid = check.finish();
      assert.equal(invalid === undefined, isUtf8(bytes));
      if (!invalid) return;
      assert.ok(isUtf8(bytes.subarray(0, invalid.byte)), 'all before it is valid');
      assert.equal(bytes[invalid.byte], invalid.value);
      for (let length = 1; length <= 4; length++)
        if (invalid.byte + length <= bytes.length)
          assert.ok(
            !isUtf8(bytes.subarray(invalid.byte, invalid.byte + length)),
            'nothing valid begins with it',
          );
    }),
    { numRuns: 5000 },
  );
});
