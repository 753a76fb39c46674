import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RetrievedPassage } from '../retrieval/retriever.ts';
import { selectQuotes } from './select-quotes.ts';

const document =
  'The battery lasts nine hours.  It charges in two hours.\n\nThe warranty on the battery is 24 months. Monitors of the city have 48 months.';

/** A passage as the retriever gives it; offsets count in the document. */
function passage(text: string, over: Partial<RetrievedPassage> = {}): RetrievedPassage {
  const start = document.indexOf(text);
  return {
    passageId: 1,
    documentId: 1,
    versionId: 1,
    title: null,
    headings: [],
    page: null,
    filename: 'manual.txt',
    start,
    end: start + text.length,
    similarity: 0.5,
    chunk: { id: 1, start: 0, end: document.length, tokenCount: 40 },
    text,
    chunkText: document,
    ...over,
  };
}

/** Every sentence is equally near to the question: only words decide. */
const flat = {
  questionEmbedding: Float32Array.of(1, 0),
  embed: async (texts: string[]) => texts.map(() => Float32Array.of(0, 1)),
};

test('the sentence that covers the question best comes first, to the letter', async () => {
  const quotes = await selectQuotes({
    ...flat,
    question: 'How long is the warranty?',
    passages: [passage(document)],
  });
  assert.equal(quotes[0]?.text, 'The warranty on the battery is 24 months.');
  for (const { start, end, text } of quotes) assert.equal(document.slice(start, end), text);
});

test('offsets stay exact in a passage that begins with white space', async () => {
  const text = '\n\nThe warranty on the battery is 24 months. ';
  const [quote] = await selectQuotes({ ...flat, question: 'warranty', passages: [passage(text)] });
  assert.equal(document.slice(quote?.start, quote?.end), 'The warranty on the battery is 24 months.');
});

test('sentences that follow each other become one quote, still to the letter', async () => {
  const question = 'For how many hours has it power, in how many hours is it full?';
  const passages = [passage('The battery lasts nine hours.  It charges in two hours.\n')];
  const quotes = await selectQuotes({ ...flat, question, passages });
  assert.deepEqual(
    quotes.map(({ text }) => text),
    ['The battery lasts nine hours.  It charges in two hours.'],
  );
});

test('the embedding decides where words do not', async () => {
  const embed = async (texts: string[]) =>
    texts.map(text => (text.includes('city') ? Float32Array.of(1, 0) : Float32Array.of(0, 1)));
  const quotes = await selectQuotes({
    questionEmbedding: Float32Array.of(1, 0),
    embed,
    question: 'xyz',
    passages: [passage(document)],
  });
  assert.equal(quotes[0]?.text, 'Monitors of the city have 48 months.');
});

test('a heading is no answer', async () => {
  const text = 'Warranty of the battery\n\nIt is covered for 24 months.\n';
  const quotes = await selectQuotes({
    ...flat,
    question: 'warranty of the battery',
    passages: [passage(text, { start: 0 })],
  });
  assert.deepEqual(
    quotes.map(quote => quote.text),
    ['It is covered for 24 months.'],
  );
});

test('the same place found twice is quoted once, and without passages there is no quote', async () => {
  const twice = [passage(document), passage(document, { passageId: 2 })];
  const quotes = await selectQuotes({ ...flat, question: 'warranty', passages: twice });
  assert.equal(new Set(quotes.map(({ start }) => start)).size, quotes.length);
  assert.deepEqual(await selectQuotes({ ...flat, question: 'warranty', passages: [] }), []);
});
