import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asksForSeveral, composeExcerpts } from './excerpts.ts';
import type { RetrievedPassage } from './retriever.ts';

/** A passage of 100 different words; document and ordinal decide what it says. */
function passage(documentId: number, ordinal: number, score: number, text?: string): RetrievedPassage {
  const words = Array.from({ length: 100 }, (_, index) => `w${documentId}x${ordinal}x${index}`);
  const content = text ?? `${words.join(' ')} `;
  return {
    passageId: 100 * documentId + ordinal,
    documentId,
    versionId: documentId,
    filename: `${documentId}.txt`,
    title: null,
    headings: [],
    page: null,
    language: null,
    prefix: '',
    ordinal,
    start: 1_000 * ordinal,
    end: 1_000 * ordinal + content.length,
    text: content,
    chunk: { id: 1, start: 0, end: 1, tokenCount: 1 },
    score,
    lexical: score,
    similarity: score,
    parts: { passage: 1, window: 1, subwords: 1, name: 0 },
  };
}

const places = (passages: RetrievedPassage[], options: Partial<Parameters<typeof composeExcerpts>[1]> = {}) =>
  composeExcerpts(passages, { maxCharacters: 100_000, isDiverse: false, ...options }).excerpts.map(excerpt =>
    excerpt.passages.map(({ documentId, ordinal }) => `${documentId}.${ordinal}`),
  );

test('passages that touch become one excerpt in reading order, in the place of the best of them', () => {
  const found = [passage(1, 4, 0.9), passage(2, 0, 0.8), passage(1, 3, 0.7), passage(1, 6, 0.6)];
  assert.deepEqual(places(found), [['1.3', '1.4'], ['2.0'], ['1.6']]);
  const [merged] = composeExcerpts(found, { maxCharacters: 100_000, isDiverse: false }).excerpts;
  assert.equal(merged?.best, found[0]);
  assert.equal(merged?.text, `${found[2]?.text}${found[0]?.text}`);
  assert.deepEqual([merged?.start, merged?.end], [found[2]?.start, found[0]?.end]);
});

test('the room is filled by rank, and the first passage is taken whatever its length', () => {
  const found = [passage(1, 0, 0.9), passage(2, 0, 0.8), passage(3, 0, 0.7)];
  const length = found[0]?.text.length ?? 0;
  assert.deepEqual(places(found, { maxCharacters: 2 * length }), [['1.0'], ['2.0']]);
  assert.deepEqual(places(found, { maxCharacters: 1 }), [['1.0']]);
  assert.deepEqual(places([]), []);
});

test('near-duplicates are left out, the better one stays', () => {
  const text = passage(1, 0, 0).text;
  const found = [passage(1, 0, 0.9), passage(2, 0, 0.8, `${text} added`), passage(3, 0, 0.7)];
  assert.deepEqual(places(found), [['1.0'], ['3.0']]);
});

test('why a passage is in no excerpt is told', () => {
  const { text } = passage(1, 0, 0);
  const found = [passage(1, 0, 0.9), passage(2, 0, 0.8, text), passage(3, 0, 0.7), passage(4, 0, 0.6)];
  const { leftOut } = composeExcerpts(found, { maxCharacters: text.length, isDiverse: false });
  assert.deepEqual(
    [...leftOut],
    [
      [found[1]?.passageId, 'near_duplicate'],
      [found[2]?.passageId, 'over_excerpt_budget'],
      [found[3]?.passageId, 'over_excerpt_budget'],
    ],
  );
});

test('a question for several documents is not answered from one alone', () => {
  const found = [0, 2, 4, 6].map(ordinal => passage(1, ordinal, 0.9 - ordinal / 100));
  const all = [...found, passage(2, 0, 0.8)];
  const maxCharacters = 3 * (found[0]?.text.length ?? 0);
  assert.deepEqual(places(all, { maxCharacters }), [['1.0'], ['1.2'], ['1.4']]);
  assert.deepEqual(places(all, { maxCharacters, isDiverse: true }), [['1.0'], ['2.0'], ['1.2']]);
});

test('questions for several documents are told by their words', () => {
  for (const question of [
    'Compare the two contracts',
    'What is the difference between A and B?',
    'Was ist der Unterschied zwischen beiden?',
    'retina vs. fovea',
    '这两者有什么区别',
  ])
    assert.ok(asksForSeveral(question), question);
  for (const question of ['Who signs the contract?', 'How is the bothersome noise measured?'])
    assert.ok(!asksForSeveral(question), question);
});
