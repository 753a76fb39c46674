import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sharesFound } from './shares-found.ts';

test('a case counts from the depth on at which it is found', () => {
  const ranks = [
    { id: 1, hybrid: 1, vector: 4, lexical: undefined },
    { id: 2, hybrid: 3, vector: 10, lexical: 2 },
  ];
  assert.deepEqual(
    sharesFound(ranks).map(({ depth, shares }) => [depth, shares.hybrid, shares.vector, shares.lexical]),
    [
      [1, 0.5, 0, 0],
      [3, 1, 0, 0.5],
      [5, 1, 0.5, 0.5],
      [10, 1, 1, 0.5],
    ],
  );
});
