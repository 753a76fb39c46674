import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  decodePostings,
  encodePostings,
  offsetInPage,
  type Postings,
  pageOf,
  passagesPerPage,
  unitePostings,
  withoutRange,
} from './postings.ts';

/** Ascending offsets, each with a frequency that follows from it, as a passage's always is. */
const postings = fc
  .uniqueArray(fc.integer({ min: 0, max: passagesPerPage - 1 }), { maxLength: 50 })
  .map((offsets): Postings => {
    const ascending = offsets.toSorted((a, b) => a - b);
    return {
      offsets: Uint16Array.from(ascending),
      frequencies: Uint8Array.from(ascending, offset => 1 + (offset % 255)),
    };
  });
const listed = ({ offsets, frequencies }: Postings) =>
  [...offsets].map((at, index) => [at, frequencies[index]]);

test('postings come back as they were, also from the middle of a larger buffer', () => {
  fc.assert(
    fc.property(postings, fc.integer({ min: 0, max: 3 }), (before, shift) => {
      const data = encodePostings(before);
      assert.equal(data.length, 3 * before.offsets.length);
      const shifted = Buffer.concat([Buffer.alloc(shift, 0xff), data]).subarray(shift);
      assert.deepEqual(listed(decodePostings(shifted)), listed(before));
    }),
  );
});

test('united postings are those of both, each once and ascending, however often they are united', () => {
  fc.assert(
    fc.property(postings, postings, (a, b) => {
      const expected = [...new Map([...listed(a), ...listed(b)].map(pair => [pair[0], pair]))]
        .map(([, pair]) => pair)
        .toSorted((x, y) => (x[0] ?? 0) - (y[0] ?? 0));
      const united = unitePostings(a, b);
      assert.deepEqual(listed(united), expected);
      assert.deepEqual(listed(unitePostings(united, b)), expected);
    }),
  );
});

test('a range of passages is taken out, its end not included', () => {
  const all = {
    offsets: Uint16Array.of(1, 5, 6, 9, passagesPerPage - 1),
    frequencies: Uint8Array.of(1, 2, 3, 4, 5),
  };
  assert.deepEqual(listed(withoutRange(all, 5, 9)), [
    [1, 1],
    [9, 4],
    [passagesPerPage - 1, 5],
  ]);
  assert.deepEqual(listed(withoutRange(all, 0, passagesPerPage)), []);
});

test('a passage id is its page and its offset, also beyond 32 bits', () => {
  for (const id of [0, passagesPerPage - 1, passagesPerPage, 2 ** 33 + 17])
    assert.equal(pageOf(id) * passagesPerPage + offsetInPage(id), id);
});
