import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type IndexedVersion, PassageDirectory } from './passage-directory.ts';

function version(versionId: number, firstPassageId: number, lengths: number[], over = {}): IndexedVersion {
  return {
    versionId,
    documentId: versionId + 1_000,
    language: 'en',
    firstPassageId,
    lengths: Uint16Array.from(lengths.flatMap(length => [length, 2 * length])),
    nameLength: 3,
    runs: undefined,
    mergeNumber: 1,
    ...over,
  };
}

test('passages are found by their ids, with their lengths, and nothing else is', () => {
  const directory = new PassageDirectory();
  directory.add(version(1, 16_380, [10, 20, 30, 40, 50, 60]));
  directory.add(version(2, 5, [7]));
  // The first version's passages stand in two pages.
  const slots = [16_380, 16_385, 5].map(id => directory.slotOf(id));
  assert.deepEqual(
    slots.map(slot => directory.wordLengths[slot]),
    [10, 60, 7],
  );
  assert.deepEqual(
    slots.map(slot => directory.passageIdAt(slot)),
    [16_380, 16_385, 5],
  );
  assert.equal(directory.versionOf(16_385)?.versionId, 1);
  assert.deepEqual([directory.slotOf(16_379), directory.slotOf(16_386), directory.slotOf(6)], [-1, -1, -1]);
  assert.equal(directory.versionOf(6), undefined);
});

test('totals are as if what was removed had never been there', () => {
  const directory = new PassageDirectory();
  directory.add(version(1, 100, [10, 20]));
  const before = { ...directory.totals };
  directory.add(version(2, 200, Array(40).fill(9), { language: 'de' }));
  assert.deepEqual(directory.totals, {
    passages: 42,
    words: 390,
    subwords: 780,
    windows: 6,
    versions: 2,
    nameWords: 6,
  });
  directory.removeDocument(1_002);
  assert.deepEqual({ ...directory.totals }, before);
  assert.deepEqual(directory.languages, ['en']);
  assert.equal(directory.slotOf(200), -1);
});

test('a version that is added again takes the place of what it was', () => {
  const directory = new PassageDirectory();
  directory.add(version(1, 100, [10, 20]));
  directory.add(version(1, 300, [5]));
  assert.equal(directory.slotOf(100), -1);
  assert.deepEqual([directory.totals.passages, directory.totals.words], [1, 5]);
});

test('unmerged versions are told apart until they are merged', () => {
  const directory = new PassageDirectory();
  directory.add(version(1, 100, [10], { runs: [] }));
  directory.add(version(2, 200, [10]));
  const unmerged = () => [...directory.unmerged()].map(({ versionId }) => versionId);
  assert.deepEqual([unmerged(), directory.isUnmerged[0], directory.isUnmerged[1]], [[1], 1, 0]);
  assert.equal(directory.lastMerge, 1);
  directory.markMerged(1, 2);
  assert.deepEqual([unmerged(), directory.isUnmerged[0]], [[], 0]);
  assert.equal(directory.lastMerge, 2, 'blocks read before that merge are too old');
});

test('a directory of mostly removed passages is compacted, and finds the same', () => {
  const directory = new PassageDirectory();
  for (let id = 1; id <= 300; id += 1) directory.add(version(id, 1_000 * id, Array(100).fill(id)));
  assert.equal(directory.compacted(), directory, 'nothing is wasted yet');
  for (let id = 1; id <= 200; id += 1) directory.remove(id);
  const compact = directory.compacted();
  assert.notEqual(compact, directory);
  assert.equal(compact.slotCount, 10_000);
  assert.deepEqual(compact.totals, directory.totals);
  for (const id of [201_000, 250_050, 300_099]) {
    assert.equal(compact.versionOf(id)?.versionId, Math.floor(id / 1_000));
    assert.equal(compact.wordLengths[compact.slotOf(id)], Math.floor(id / 1_000));
  }
  assert.equal(compact.slotOf(100_000), -1);
});
