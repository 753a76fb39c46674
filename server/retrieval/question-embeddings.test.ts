import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createSkippedEmbedder } from '../embedding/skipped-embedder.ts';
import { QuestionEmbeddings } from './question-embeddings.ts';

function remember(fails: () => boolean = () => false) {
  const embedded: string[] = [];
  const embedder = {
    ...createSkippedEmbedder(),
    async embedQuestion(question: string) {
      embedded.push(question);
      if (fails()) throw new Error('away');
      return Float32Array.of(embedded.length);
    },
  };
  return { embedded, questions: new QuestionEmbeddings(embedder) };
}

test('a question that is asked again is embedded once in each workspace', async () => {
  const { embedded, questions } = remember();
  const first = await questions.embed(1, 'How long?');
  assert.equal(await questions.embed(1, 'How long?'), first);
  await questions.embed(1, 'How wide?');
  assert.notEqual(await questions.embed(2, 'How long?'), first);
  assert.deepEqual(embedded, ['How long?', 'How wide?', 'How long?']);
});

test('what failed is tried again', async () => {
  let isAway = true;
  const { questions } = remember(() => isAway);
  await assert.rejects(questions.embed(1, 'How long?'), /away/);
  isAway = false;
  assert.deepEqual(await questions.embed(1, 'How long?'), Float32Array.of(2));
});
