import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hashTerm } from './hash-term.ts';

test('hashes stay what they are: databases hold them', () => {
  assert.deepEqual(
    [
      hashTerm('word', 'warranti'),
      hashTerm('subword', '##3212'),
      hashTerm('name', '2018'),
      hashTerm('word', ''),
    ],
    [-345655582, -794101144, 2066377729, -1421968373],
  );
});

test('a term has another hash as a term of another kind', () => {
  const hashes = [hashTerm('word', 'report'), hashTerm('subword', 'report'), hashTerm('name', 'report')];
  assert.equal(new Set(hashes).size, 3);
});

test('100,000 terms hardly collide, and are spread evenly', () => {
  const hashes = Array.from({ length: 100_000 }, (_, index) => hashTerm('word', `term${index}`));
  assert.ok(new Set(hashes).size > 99_990);
  const negative = hashes.filter(hash => hash < 0).length;
  assert.ok(Math.abs(negative - 50_000) < 1_000, String(negative));
});
