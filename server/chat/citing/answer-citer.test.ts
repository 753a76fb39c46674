import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Citation, Source } from '../../../contract/chat.ts';
import { defuseMarkdown } from '../defusing/markdown-defuser.ts';
import { AnswerCiter, type CitedEvent } from './answer-citer.ts';
import { MarkerScanner } from './markers/marker-scanner.ts';

/** A source that is the stretch of a document from `start` on. */
function sourceOf(number: number, document: string, start = 0): Source {
  const quote = document.slice(start);
  const places = { number, document_id: number, version: number, chunk_id: 1, passage_id: 1, start };
  const named = { filename: 'a.txt', title: null, heading: null, heading_path: [], page: null };
  return { ...places, ...named, end: document.length, quote, score: 1 };
}

async function gather(events: AsyncIterable<CitedEvent>): Promise<CitedEvent[]> {
  const all: CitedEvent[] = [];
  for await (const event of events) all.push(event);
  return all;
}

async function cite(pieces: string[], documents: string[], start = 0): Promise<CitedEvent[]> {
  const sources = documents.map((document, index) => sourceOf(index + 1, document, start));
  const citer = new AnswerCiter({ sources, question: 'What is it?' });
  return [...pieces.flatMap(piece => citer.push(piece)), ...(await gather(citer.end()))];
}

const citationsOf = (events: CitedEvent[]) =>
  events.filter((event): event is Citation => event.type === 'citation');
const contentOf = (events: CitedEvent[]) =>
  events.map(event => (event.type === 'content' ? event.content : '')).join('');

test('a sentence’s citation comes with the first character of the next, the last at the end', async () => {
  const pieces = ['Ice melts at 0 °C [1', ']. ', 'E', 'ther boils at 35 °C [1].'];
  const events = await cite(pieces, ['Ice melts at 0 °C. Ether boils at 35 °C.']);
  const types = events.map(({ type }) => type);
  assert.deepEqual(types, ['content', 'content', 'content', 'citation', 'content', 'citation', 'check']);
});

test('after the end nothing more comes, and an empty answer is not checked', async () => {
  const citer = new AnswerCiter({ sources: [], question: '' });
  assert.deepEqual(citer.push('[1]'), []);
  assert.deepEqual(await gather(citer.end()), []);
  assert.deepEqual(await gather(citer.end()), []);
});

const paraphrase = ['The vehicle moves quickly [1].'];
const said = 'The car drives at high speed, a vehicle for the road.';

function embedded(embed: (texts: string[]) => Promise<Float32Array[]>): Promise<CitedEvent[]> {
  const citer = new AnswerCiter({ sources: [sourceOf(1, said)], question: '', embed });
  for (const piece of paraphrase) citer.push(piece);
  return gather(citer.end());
}

test('what is said in other words is verified by the embeddings, in a second citation before the check', async () => {
  const alike = async (texts: string[]) => texts.map(() => Float32Array.of(1, 0));
  const events = await embedded(alike);
  assert.deepEqual(
    citationsOf(events).map(({ verified }) => verified),
    [false, true],
  );
  assert.equal(new Set(citationsOf(events).map(({ answer_start }) => answer_start)).size, 1);
  const [check] = events.filter(event => event.type === 'check');
  assert.equal(check?.unverified, 0);
});

test('embeddings that are unlike, fail or do not come in time change nothing', async () => {
  const unlike = async () => [Float32Array.of(1, 0), Float32Array.of(0, 1)];
  const away = () => Promise.reject(new Error('away'));
  const never = () => new Promise<never>(() => {});
  for (const embed of [unlike, away, never]) {
    const events = await embedded(embed);
    assert.deepEqual(
      citationsOf(events).map(({ verified }) => verified),
      [false],
    );
    assert.equal(events.at(-1)?.type, 'check');
  }
});

const word = fc.constantFrom(
  'ice',
  'Ice',
  'melts',
  'at',
  '0',
  '°C',
  'not',
  'days',
  'März',
  '三十天的假期',
  '😀',
  '5 %',
  '1,000',
  'e.g.',
  'Dr.',
  'الجليد',
);
const end = fc.constantFrom('. ', '.\n', '。', '\n\n', '! ', ' | ', '\n- ', '\n| ', ', ', '.\r\n');
const sentence = fc.tuple(fc.array(word, { minLength: 1, maxLength: 8 }), end);
const prose = fc
  .array(sentence, { maxLength: 8 })
  .map(all => all.map(([words, ending]) => words.join(' ') + ending).join(''));
const marker = fc.constantFrom(
  ' [1]',
  '[2]',
  ' [1][2]',
  ' [1, 3]',
  '【2】',
  ' [7]',
  '',
  '',
  '`a[1]`',
  '\n```\na[2]\n```\n',
);
const answers = fc
  .array(fc.tuple(sentence, marker, fc.boolean()), { maxLength: 6 })
  .map(all =>
    all
      .map(([[words, ending], mark, isAfter]) => words.join(' ') + (isAfter ? ending + mark : mark + ending))
      .join(''),
  );

test('10,000 answers: every quote is its document’s text to the letter, and nothing is lost of the answer', async () => {
  await fc.assert(
    fc.asyncProperty(
      answers,
      fc.array(prose, { minLength: 1, maxLength: 3 }),
      fc.array(fc.nat(), { maxLength: 8 }),
      fc.nat(6),
      async (answer, texts, at, start) => {
        const documents = texts.map(text => '#'.repeat(start) + text);
        const places = [...new Set(at.map(place => place % (answer.length + 1)))].sort((a, b) => a - b);
        const pieces = [0, ...places].map((from, index) => answer.slice(from, places[index]));
        const events = await cite(pieces, documents, start);
        const content = contentOf(events);
        const scanner = new MarkerScanner(documents.length);
        const scanned = scanner.push(answer.replaceAll('\r\n', '\n')).text + scanner.end().text;
        assert.equal(content, defuseMarkdown(scanned));
        for (const citation of citationsOf(events)) {
          const document = documents[citation.document_id - 1] ?? '';
          assert.equal(document.slice(citation.start, citation.end), citation.quote);
          assert.ok(
            citation.start >= start && citation.quote.trim() === citation.quote && citation.quote !== '',
          );
          const claim = content.slice(citation.answer_start, citation.answer_end);
          assert.ok(claim.includes(`[${citation.number}]`) && claim === claim.trim(), claim);
        }
        const keys = citationsOf(events).map(({ number, answer_start }) => `${number} ${answer_start}`);
        assert.equal(new Set(keys).size, keys.length);
        assert.deepEqual(citationsOf(events), citationsOf(await cite([answer], documents, start)));
      },
    ),
    { numRuns: 10_000 },
  );
});
