import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundExcerpt } from '../../../tests/fakes/found-excerpt.ts';
import type { Excerpt } from '../../retrieval/excerpts.ts';
import { chooseQuotes } from './choose-quotes.ts';
import { rankSentences } from './rank-sentences.ts';

/** Every sentence is equally near to the question: only words and structure decide. */
const flat = {
  questionEmbedding: Float32Array.of(1, 0),
  embed: async (texts: string[]) => texts.map(() => Float32Array.of(0, 1)),
};

async function quote(question: string, ...excerpts: Excerpt[]) {
  const { ranked, sentences } = await rankSentences({ ...flat, question, excerpts });
  return chooseQuotes(ranked, sentences);
}

const battery =
  'The battery lasts nine hours.  It charges in two hours.\n\nThe warranty on the battery is 24 months. Monitors of the city have 48 months.';

test('the sentence that covers the question best comes first, to the letter', async () => {
  const quotes = await quote('How long is the warranty?', foundExcerpt(battery, { start: 70 }));
  assert.match(quotes[0]?.text ?? '', /^The warranty on the battery is 24 months\./);
  for (const { start, end, text } of quotes) assert.equal(battery.slice(start - 70, end - 70), text);
});

test('words count in any form', async () => {
  const [first] = await quote('Which monitor is there in cities?', foundExcerpt(battery));
  assert.match(first?.text ?? '', /Monitors of the city/);
});

test('the embedding decides where words do not', async () => {
  const embed = async (texts: string[]) =>
    texts.map(text => (text.includes('city') ? Float32Array.of(1, 0) : Float32Array.of(0, 1)));
  const { ranked } = await rankSentences({
    ...flat,
    embed,
    question: 'xyz',
    excerpts: [foundExcerpt(battery)],
  });
  assert.equal(ranked[0]?.sentence.text, 'Monitors of the city have 48 months.');
});

test('the answer in the line after a heading is found, and quoted with it', async () => {
  const text = 'We moved.\n\nWarranty of the battery\n\nIt is covered for 24 months.\n\nThe battery is blue.';
  const [first] = await quote('How long is the warranty of the battery?', foundExcerpt(text));
  assert.equal(first?.text, 'Warranty of the battery\n\nIt is covered for 24 months.');
  assert.deepEqual(first?.lines, ['Warranty of the battery', 'It is covered for 24 months.']);
});

test('a note of one line without a full stop is quoted', async () => {
  const [first] = await quote(
    'What is the guest wifi password?',
    foundExcerpt('Guest wifi password bluewhale77'),
  );
  assert.equal(first?.text, 'Guest wifi password bluewhale77');
});

test('a sentence that begins with a pronoun has what it stands for', async () => {
  const text = 'The pump of the south wing is from Basel. It was replaced in 1998. Nobody knows why.';
  const quotes = await quote('When was it replaced?', foundExcerpt(text));
  assert.equal(quotes[0]?.text, 'The pump of the south wing is from Basel. It was replaced in 1998.');
  assert.equal(quotes[0]?.lines.length, 1);
});

test('the row of a table is quoted with its header, though others stand between them', async () => {
  const text = 'Name | Born | Died\nGrace | 1906 | 1992\nAda | 1815 | 1852\nAlan | 1912 | 1954';
  const embed = async (texts: string[]) =>
    texts.map(own => (own.includes('Ada') ? Float32Array.of(1, 0) : Float32Array.of(-1, 0)));
  const { ranked, sentences } = await rankSentences({
    ...flat,
    embed,
    question: 'When was Ada born?',
    excerpts: [foundExcerpt(text)],
  });
  assert.deepEqual(
    chooseQuotes(ranked, sentences).map(({ text: own }) => own),
    ['Name | Born | Died', 'Ada | 1815 | 1852'],
  );
});

test('the items that a line leads to are quoted with it, each in its line', async () => {
  const text = 'The crew has three members:\n- Ada\n- Alan\n- Grace\n\nThey meet on Monday.';
  const [first] = await quote('Who are the members of the crew?', foundExcerpt(text));
  assert.deepEqual(first?.lines, ['The crew has three members:', '- Ada', '- Alan', '- Grace']);
  assert.equal(first?.text, text.slice(0, text.indexOf('\n\n')));
});

test('the same in two documents is quoted once', async () => {
  const text = 'The warranty on the battery is 24 months in all countries of the union.';
  const quotes = await quote(
    'How long is the warranty on the battery?',
    foundExcerpt(text),
    foundExcerpt(`${text} Ask us.`, { documentId: 2, passageId: 2, score: 0.4 }),
  );
  assert.equal(quotes.filter(({ text: own }) => own.includes('24 months')).length, 1);
});

test('at most about 120 words are quoted, but the best sentence whole', async () => {
  const long = (name: string) => `The warranty of ${name} ${'and so on '.repeat(20)}is 24 months.`;
  const text = [long('pumps'), long('lamps'), long('doors')].join(' ');
  const quotes = await quote('How long is the warranty?', foundExcerpt(text));
  const words = quotes.flatMap(({ text: own }) => own.split(/\s+/));
  assert.ok(words.length > 60 && words.length <= 130, `${words.length}`);
  const endless = `The warranty ${'and so on '.repeat(100)}is 24 months.`;
  assert.equal((await quote('How long is the warranty?', foundExcerpt(endless)))[0]?.text, endless);
});

test('without excerpts there is no quote', async () => {
  assert.deepEqual(await quote('warranty'), []);
});
