import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PassageDirectory } from './passage-directory.ts';
import { WordScores } from './score-words.ts';

/** Two documents: one of two passages with 10 and 30 words, one of a passage with 20. */
function threePassages(): PassageDirectory {
  const directory = new PassageDirectory();
  const common = { language: null, runs: undefined, mergeNumber: 1 };
  directory.add({
    ...common,
    versionId: 1,
    documentId: 1,
    firstPassageId: 1,
    lengths: Uint16Array.of(10, 4, 30, 8),
    nameLength: 2,
  });
  directory.add({
    ...common,
    versionId: 2,
    documentId: 2,
    firstPassageId: 10,
    lengths: Uint16Array.of(20, 6),
    nameLength: 4,
  });
  return directory;
}

const postings = (...pairs: [slot: number, frequency: number][]) => ({
  slots: Int32Array.from(pairs, ([slot]) => slot),
  frequencies: Uint8Array.from(pairs, ([, frequency]) => frequency),
  count: pairs.length,
});

/** The formula as it is written in the literature. */
const bm25 = (
  frequency: number,
  length: number,
  average: number,
  documents: number,
  total: number,
  b = 0.75,
) =>
  Math.log(1 + (total - documents + 0.5) / (documents + 0.5)) *
  ((frequency * 2.2) / (frequency + 1.2 * (1 - b + (b * length) / average)));

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) < 1e-5, `${actual} is not ${expected}`);

test('a passage has BM25 of its words, its window the same of its own', () => {
  const scores = new WordScores(threePassages());
  scores.addWord(postings([0, 2], [2, 1]), 1);
  scores.addWord(postings([1, 3]), 0.5);
  const first = scores.partsOf(1);
  near(first.passage, bm25(2, 10, 20, 2, 3));
  near(first.window, bm25(2, 40, 30, 2, 2) + 0.5 * bm25(3, 40, 30, 1, 2));
  near(scores.partsOf(2).passage, 0.5 * bm25(3, 30, 20, 1, 3));
  assert.equal(scores.partsOf(2).window, first.window);
  near(scores.partsOf(10).passage, bm25(1, 20, 20, 2, 3));
  assert.deepEqual(scores.partsOf(77), { passage: 0, window: 0, subwords: 0, name: 0 });
});

test('subwords are scored by their own lengths, names by the document', () => {
  const scores = new WordScores(threePassages());
  scores.addSubword(postings([1, 1]), 1);
  scores.addName(postings([0, 1]), 1);
  scores.addName(postings([2, 1]), 1);
  scores.addName(postings(), 1);
  near(scores.partsOf(2).subwords, bm25(1, 8, 6, 1, 3));
  assert.equal(scores.partsOf(2).passage, 0);
  const idf = Math.log(1 + 1.5 / 1.5);
  near(scores.partsOf(2).name, bm25(1, 2, 3, 1, 2, 0.3) / (2 * idf));
  near(scores.partsOf(10).name, bm25(1, 4, 3, 1, 2, 0.3) / (2 * idf));
});
