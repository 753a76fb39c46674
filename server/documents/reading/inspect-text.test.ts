import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DocumentError } from '../../errors.ts';
import { decodeText } from './decode-text.ts';
import { TextInspector } from './inspect-text.ts';

/** What becomes of a file that arrives in pieces that end at these places. */
function inspect(bytes: Uint8Array, ends: number[]): string {
  const inspector = new TextInspector();
  let start = 0;
  for (const end of [...ends.toSorted((a, b) => a - b), bytes.length]) {
    inspector.push(bytes.subarray(start, end));
    start = Math.max(start, end);
  }
  return outcome(() => inspector.finish());
}

function outcome(read: () => unknown): string {
  try {
    read();
    return 'accepted';
  } catch (error) {
    assert.ok(error instanceof DocumentError, String(error));
    return `${error.code} ${error.extra?.byte ?? ''}`;
  }
}

const latin = (text: string) => Buffer.from(text, 'latin1');
const pieces = fc.oneof(
  fc.constantFrom(
    ...['Some words. ', 'Köln ', '中文', '\u{1F600}', '\uFEFF', '\u200B', '\0', '\x01', '\r\n', ' '].map(
      text => Buffer.from(text),
    ),
    ...['Köln und die Brücke führen über ', '\xff', '\xfe', '\xc3'].map(latin),
    Buffer.from('wide letters ', 'utf16le'),
    Buffer.alloc(5000, 'x'),
    Buffer.from([0xcd, 0xf2, 0xee, 0x20]),
  ),
  fc.uint8Array({ maxLength: 40 }).map(bytes => Buffer.from(bytes)),
);

test('a file gets the same judgement in any pieces, and decodeText accepts what passes', () => {
  fc.assert(
    fc.property(
      fc.array(pieces, { maxLength: 8 }),
      fc.array(fc.nat(12_000), { maxLength: 6 }),
      (parts, ends) => {
        const bytes = Buffer.concat(parts);
        const whole = outcome(() => decodeText(bytes));
        assert.equal(inspect(bytes, ends), whole);
      },
    ),
    { numRuns: 1000 },
  );
});

test('every byte may arrive alone', () => {
  for (const bytes of [
    Buffer.from('Köln 中文 \u{1F600}'),
    latin('Die Straße führt über die Brücke nach Köln.'),
    latin('caf\xe9'),
  ])
    assert.equal(
      inspect(bytes, Array.from(bytes.keys())),
      outcome(() => decodeText(bytes)),
    );
});

test('what is wrong late in a large file is found', () => {
  const start = Buffer.alloc(1_000_000, 'All is well. ');
  assert.equal(inspect(Buffer.concat([start, latin('caf\xe9')]), [65_536]), 'document_not_utf8 1000003');
  assert.equal(inspect(Buffer.concat([start, Buffer.alloc(60_000)]), [65_536]), 'document_not_text ');
  const german = latin('Die Straße führt über die Brücke nach Köln. ');
  assert.equal(inspect(Buffer.concat([start, german, start]), [65_536]), 'accepted');
});
