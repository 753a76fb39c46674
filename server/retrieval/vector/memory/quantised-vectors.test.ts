import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { QuantisedVectors, signsOf } from './quantised-vectors.ts';

const unit = (numbers: number[]) => {
  const length = Math.hypot(...numbers) || 1;
  return Float32Array.from(numbers, number => number / length);
};
const dot = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, number, at) => sum + number * (b[at] ?? 0), 0);
const vectorOf = (dimensions: number) =>
  fc
    .array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: dimensions, maxLength: dimensions })
    .filter(numbers => Math.hypot(...numbers) > 0.1)
    .map(unit);

test('a cosine is off by little, at every slot and for every number of dimensions', () => {
  const pair = fc
    .integer({ min: 2, max: 400 })
    .chain(dimensions => fc.tuple(vectorOf(dimensions), vectorOf(dimensions), fc.nat(20_000)));
  fc.assert(
    fc.property(pair, ([stored, question, slot]) => {
      const vectors = new QuantisedVectors(stored.length);
      vectors.set(slot, stored);
      const similarity = vectors.similarity(slot, question) ?? Number.NaN;
      // At worst every number is off by half a step.
      const step = Math.max(...stored.map(Math.abs)) / 127;
      const worst = (step / 2) * question.reduce((sum, number) => sum + Math.abs(number), 0);
      assert.ok(Math.abs(similarity - dot(stored, question)) <= worst + 1e-6);
    }),
  );
});

test('for vectors as the default model makes them it is off by less than 0.002', () => {
  let worst = 0;
  for (let round = 0; round < 300; round += 1) {
    const random = () =>
      unit(Array.from({ length: 384 }, () => Math.random() + Math.random() + Math.random() - 1.5));
    const [stored, question] = [random(), random()];
    const vectors = new QuantisedVectors(384);
    vectors.set(0, stored);
    worst = Math.max(worst, Math.abs((vectors.similarity(0, question) ?? 9) - dot(stored, question)));
  }
  assert.ok(worst < 0.002, `${worst}`);
});

test('differences of signs are counted as one by one, over pages and dimensions', () => {
  const scene = fc
    .integer({ min: 1, max: 2_100 })
    .chain(dimensions =>
      fc.tuple(vectorOf(dimensions), vectorOf(dimensions), fc.integer({ min: 4_090, max: 4_097 })),
    );
  fc.assert(
    fc.property(scene, ([stored, question, first]) => {
      const vectors = new QuantisedVectors(stored.length);
      vectors.set(first, stored);
      vectors.set(first + 2, question);
      const counts = new Uint16Array(5);
      vectors.countDifferences(first, 3, signsOf(question), counts, 1);
      const expected = stored.filter((number, at) => number > 0 !== (question[at] ?? 0) > 0).length;
      assert.deepEqual([...counts], [0, expected, stored.length, 0, 0], 'the slot between has no vector');
    }),
    { numRuns: 60 },
  );
});

test('a slot without a vector has no similarity', () => {
  const vectors = new QuantisedVectors(8);
  vectors.set(5_000, unit([1, 2, 3, 4, 5, 6, 7, 8]));
  for (const slot of [0, 4_999, 9_000])
    assert.equal(vectors.similarity(slot, unit([1, 0, 0, 0, 0, 0, 0, 0])), undefined);
});
