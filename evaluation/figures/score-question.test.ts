import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Hit, scoreQuestion } from './score-question.ts';

const hit = (documentIds: string[], start = 0, end = 10): Hit => ({ documentIds, start, end });
const documents = { ranks: 'documents', wantsText: false } as const;
const passages = { ranks: 'passages', wantsText: false } as const;

test('a document is ranked where its best passage is', () => {
  const question = { id: '1', text: '?', targets: [{ gain: 1, documentId: 'b' }] };
  const figures = scoreQuestion(question, { hits: [hit(['a']), hit(['a'], 10, 20), hit(['b'])] }, documents);
  // Two passages of one document are one place.
  assert.equal(figures.mrr10, 1 / 2);
  assert.equal(figures.recall1, 0);
  assert.equal(figures.recall5, 1);
});

test('documents of the same bytes are found together', () => {
  const targets = [{ gain: 1, documentId: 'twin' }];
  const figures = scoreQuestion({ id: '1', text: '?', targets }, { hits: [hit(['one', 'twin'])] }, documents);
  assert.equal(figures.recall5, 1);
});

test('a passage is a hit when it overlaps the answer in the same document', () => {
  const targets = [{ gain: 1, documentId: 'a', spans: [{ start: 10, end: 12 }] }];
  const question = { id: '1', text: '?', targets };
  const rankOf = (hits: Hit[]) => scoreQuestion(question, { hits }, passages).mrr10;
  assert.equal(rankOf([hit(['a'], 0, 10), hit(['b'], 10, 12), hit(['a'], 11, 20)]), 1 / 3);
  assert.equal(rankOf([hit(['a'], 0, 11)]), 1);
  assert.equal(rankOf([hit(['a'], 12, 20)]), 0);
});

test('the share of the wanted text is that of the excerpts, cut at the length of the context', () => {
  const excerpt = (documentId: string, start: number, end: number) => ({
    ...hit([documentId], start, end),
    text: '-'.repeat(end - start),
  });
  const spans = [{ start: 5_000, end: 6_000, text: '+'.repeat(1_000) }];
  const question = { id: '1', text: '?', targets: [{ gain: 1, documentId: 'a', spans }] };
  const share = (excerpts: ReturnType<typeof excerpt>[]) =>
    scoreQuestion(question, { hits: [], excerpts }, { ranks: 'passages', wantsText: true }).wantedText5500;
  // 500 of the other document, then 5,000 of this one.
  assert.equal(share([excerpt('b', 0, 500), excerpt('a', 0, 6_000)]), 0);
  assert.equal(share([excerpt('b', 0, 500), excerpt('a', 500, 6_000)]), 0.5);
  assert.equal(share([excerpt('a', 1_000, 6_000)]), 1);
});
