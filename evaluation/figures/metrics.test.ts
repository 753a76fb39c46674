import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type FoundTarget, ndcg, recall, reciprocalRank } from './metrics.ts';

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-9, `${actual} is not ${expected}`);

test('nDCG discounts a gain by the logarithm of its rank', () => {
  near(ndcg([{ gain: 1, rank: 1 }]), 1);
  near(ndcg([{ gain: 1, rank: 2 }]), 1 / Math.log2(3));
  near(ndcg([{ gain: 1, rank: 11 }]), 0);
  near(ndcg([{ gain: 1, rank: undefined }]), 0);
  // Three documents of gain 3, 2, 1, found at 2, 1 and not at all.
  const ideal = 3 + 2 / Math.log2(3) + 1 / 2;
  near(
    ndcg([
      { gain: 3, rank: 2 },
      { gain: 2, rank: 1 },
      { gain: 1, rank: undefined },
    ]),
    (3 / Math.log2(3) + 2) / ideal,
  );
});

test('nDCG takes the ten best targets as the ideal, so that ten of twelve at the top are perfect', () => {
  const targets: FoundTarget[] = Array.from({ length: 12 }, (_, index) => ({ gain: 1, rank: index + 1 }));
  near(ndcg(targets), 1);
});

test('recall and reciprocal rank count what is found early enough', () => {
  const targets = [
    { gain: 1, rank: 3 },
    { gain: 1, rank: 12 },
    { gain: 1, rank: undefined },
  ];
  near(recall(targets, 5), 1 / 3);
  near(recall(targets, 20), 2 / 3);
  near(reciprocalRank(targets), 1 / 3);
  near(reciprocalRank([{ gain: 1, rank: 11 }]), 0);
});

test('no ranking is worse for a target that comes earlier', () => {
  const rank = fc.integer({ min: 2, max: 30 });
  const targets = fc.array(fc.record({ gain: fc.integer({ min: 1, max: 4 }), rank }), {
    minLength: 1,
    maxLength: 8,
  });
  fc.assert(
    fc.property(targets, list => {
      const [first, ...others] = list;
      if (!first) return;
      const earlier = [{ ...first, rank: first.rank - 1 }, ...others];
      assert.ok(ndcg(earlier) >= ndcg(list) - 1e-12);
      assert.ok(reciprocalRank(earlier) >= reciprocalRank(list));
      assert.ok(ndcg(list) >= 0 && ndcg(list) <= 1);
    }),
  );
});
