import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { encodeRun, IndexRun, maxRunPassages } from './index-run.ts';

const term = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const passages = fc.array(fc.array(fc.tuple(term, fc.integer({ min: 1, max: 300 })), { maxLength: 30 }), {
  maxLength: maxRunPassages,
});

test('every term is found with its passages and frequencies, and no other', () => {
  fc.assert(
    fc.property(passages, term, (lists, other) => {
      const counts = lists.map(list => new Map(list));
      const run = new IndexRun(encodeRun(counts));
      const expected = new Map<number, [number, number][]>();
      for (const [position, ofPassage] of counts.entries())
        for (const [one, count] of ofPassage)
          expected.set(one, [...(expected.get(one) ?? []), [position, Math.min(255, count)]]);
      assert.deepEqual(
        [...run.terms],
        [...expected.keys()].toSorted((a, b) => a - b),
      );
      for (const [one, list] of expected) {
        const found = run.postingsOf(one);
        assert.deepEqual(
          [...(found?.positions ?? [])].map((position, index) => [position, found?.frequencies[index]]),
          list,
        );
      }
      if (!expected.has(other)) assert.equal(run.postingsOf(other), undefined);
    }),
  );
});

test('a run is read from any place in a buffer', () => {
  const data = encodeRun([new Map([[7, 2]]), new Map([[7, 1]])]);
  const shifted = Buffer.concat([Buffer.alloc(1), data]).subarray(1);
  assert.deepEqual([...(new IndexRun(shifted).postingsOf(7)?.frequencies ?? [])], [2, 1]);
});

test('more passages than a position can count are refused', () => {
  assert.throws(() => encodeRun(Array.from({ length: maxRunPassages + 1 }, () => new Map())), RangeError);
});
