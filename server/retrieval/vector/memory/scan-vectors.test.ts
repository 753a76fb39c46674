import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusteredVector, DIMENSIONS, dotProduct } from '../../../../tests/clustered-vectors.ts';
import { QuantisedVectors } from './quantised-vectors.ts';
import { scanVectors } from './scan-vectors.ts';

const PASSAGES = 12_000;
const stored = Array.from({ length: PASSAGES }, (_, index) => clusteredVector(index));
const vectors = new QuantisedVectors(DIMENSIONS);
for (const [slot, vector] of stored.entries()) vectors.set(slot, vector);
const questions = Array.from({ length: 25 }, (_, index) => clusteredVector(PASSAGES + 7 * index));

function nearest(question: Float32Array, slots: number[], limit: number): number[] {
  const scored = slots.map(slot => ({ slot, score: dotProduct(stored[slot] ?? question, question) }));
  return scored
    .toSorted((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ slot }) => slot);
}
const slotsOf = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index);

function recall(ranges: { first: number; count: number }[], limit: number): number {
  const slots = ranges.flatMap(({ first, count }) => slotsOf(first, count));
  let met = 0;
  for (const question of questions) {
    const found = scanVectors(vectors, question, { ranges, limit: 200 });
    assert.equal(found.length, Math.min(200, slots.length), 'the list is full');
    for (const [index, { similarity }] of found.entries())
      assert.ok(similarity <= (found[index - 1]?.similarity ?? 1), 'nearest first');
    assert.ok(found.every(({ slot }) => slots.includes(slot)));
    const first = new Set(found.slice(0, limit).map(({ slot }) => slot));
    met += nearest(question, slots, limit).filter(slot => first.has(slot)).length;
  }
  return met / questions.length / limit;
}

test('the first ten of many are those of an exact comparison', () => {
  const share = recall([{ first: 0, count: PASSAGES }], 10);
  assert.ok(share >= 0.97, `${share}`);
});

test('a scope has its own nearest, whatever lies around it', () => {
  const share = recall(
    [
      { first: 500, count: 90 },
      { first: 4_000, count: 300 },
      { first: 11_000, count: 1_000 },
    ],
    10,
  );
  assert.ok(share >= 0.97, `${share}`);
});

test('what has no vector is not found, and nothing is found in nothing', () => {
  const [question = clusteredVector(0)] = questions;
  const ranges = [{ first: PASSAGES - 3, count: 50 }];
  assert.equal(scanVectors(vectors, question, { ranges, limit: 200 }).length, 3);
  assert.deepEqual(scanVectors(vectors, question, { ranges: [], limit: 200 }), []);
});
