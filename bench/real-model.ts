/**
 * Asks a running Lectern that has a real language model (docs/operations.md), and checks what no fake model can show:
 * `node bench/real-model.ts --url http://127.0.0.1:3000`
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { type StreamEvent, streamEvent } from '../contract/chat.ts';
import { repositoryRoot } from './repository-root.ts';

const { values } = parseArgs({
  options: {
    url: { type: 'string', default: 'http://127.0.0.1:3000' },
    questions: { type: 'string', default: '10' },
  },
});

const problems: string[] = [];
const check = (isGood: boolean, problem: string) => isGood || problems.push(problem);

type Timed = { event: StreamEvent; sequence: number; atMs: number };

/** All events of a stream, with the time since it was asked for; `onEvent` may read along. */
async function readStream(response: Response, onEvent: (timed: Timed) => void = () => {}): Promise<Timed[]> {
  const startedAt = performance.now();
  if (!response.ok || !response.body) throw new Error(`${response.status} ${await response.text()}`);
  const all: Timed[] = [];
  let rest = '';
  let sequence = 0;
  for await (const piece of response.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line.startsWith('id: ')) sequence = Number(line.slice('id: '.length));
      if (!line.startsWith('data: ')) continue;
      const event = streamEvent.parse(JSON.parse(line.slice('data: '.length)));
      const timed = { event, sequence, atMs: performance.now() - startedAt };
      all.push(timed);
      onEvent(timed);
    }
  }
  return all;
}

const post = (path: string, body?: object) =>
  fetch(`${values.url}${path}`, {
    method: 'POST',
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });

async function ask(question: string, onEvent?: (timed: Timed) => void): Promise<Timed[]> {
  const session = z.object({ id: z.number() }).parse(await (await post('/api/session/create/')).json());
  return readStream(await post('/api/chat/', { session_id: session.id, message: question }), onEvent);
}

const contentOf = (events: Timed[]) =>
  events.map(({ event }) => (event.type === 'content' ? event.content : '')).join('');

async function checkAnswer(question: string): Promise<void> {
  const events = await ask(question);
  const content = contentOf(events);
  const last = events.at(-1);
  check(last?.event.type === 'done', `${question}: ends with ${JSON.stringify(last?.event)}`);
  check(content.trim() !== '', `${question}: no content`);
  let citations = 0;
  for (const { event } of events) {
    if (event.type !== 'citation') continue;
    citations += 1;
    const { document_id: id, start, end, quote, answer_start, answer_end, number } = event;
    const response = await fetch(`${values.url}/api/document/${id}/text/?start=${start}&end=${end}`);
    const { text } = z.object({ text: z.string() }).parse(await response.json());
    check(text === quote, `${question}: the quote is not the document’s text`);
    check(
      content.slice(answer_start, answer_end).includes(`[${number}]`),
      `${question}: a citation without marker`,
    );
  }
  const firstMs = events.find(({ event }) => event.type === 'content')?.atMs;
  const seconds = (ms = Number.NaN) => (ms / 1000).toFixed(1).padStart(6);
  console.log(`${seconds(firstMs)} ${seconds(last?.atMs)} ${String(citations).padStart(3)}  ${question}`);
  console.log(`${' '.repeat(19)}${JSON.stringify(content.slice(0, 160))}`);
}

/** Stops at the first content: the stream must end within a second, and the part must be kept. */
async function checkStop(question: string): Promise<void> {
  let stoppedAtMs = 0;
  let messageId = 0;
  const events = await ask(question, ({ event, atMs }) => {
    if (event.type === 'start') messageId = event.message_id;
    if (event.type !== 'content' || stoppedAtMs > 0) return;
    stoppedAtMs = atMs;
    void post(`/api/chat/${messageId}/stop/`);
  });
  const tookMs = (events.at(-1)?.atMs ?? 0) - stoppedAtMs;
  const { event } = events.at(-1) ?? {};
  check(
    stoppedAtMs > 0 && tookMs <= 1000 && event?.type === 'done',
    `stop: ${tookMs.toFixed(0)} ms, ${JSON.stringify(event)}`,
  );
  console.log(`stop: the stream ended ${tookMs.toFixed(0)} ms after it was asked for`);
}

/** Comes back in the middle of an answer: the rest is what the first reader saw. */
async function checkResume(question: string): Promise<void> {
  let resumed: Promise<Timed[]> | undefined;
  let messageId = 0;
  let seen = 0;
  const events = await ask(question, ({ event, sequence }) => {
    if (event.type === 'start') messageId = event.message_id;
    if (event.type === 'content') seen += 1;
    if (seen !== 3 || resumed) return;
    resumed = fetch(`${values.url}/api/chat/${messageId}/stream/`, {
      headers: { 'last-event-id': String(sequence) },
    }).then(response => readStream(response));
  });
  const rest = contentOf((await resumed) ?? []);
  const whole = contentOf(events);
  check(rest !== '' && whole.endsWith(rest), `resume: ${JSON.stringify(rest)} is not the end of the answer`);
  console.log(`resume: ${rest.length} of ${whole.length} characters came after the third piece`);
}

const lines = (await readFile(join(repositoryRoot, 'tests/evaluation-sets/samples.jsonl'), 'utf8')).split(
  '\n',
);
const questions = lines
  .filter(line => line !== '')
  .slice(0, Number(values.questions))
  .map(line => z.object({ text: z.string() }).parse(JSON.parse(line)).text);

console.log(' first  total  citations, question, beginning of the answer (seconds)');
for (const question of questions) await checkAnswer(question);
await checkStop('Tell me everything about working from abroad, travel expenses and holidays.');
await checkResume('Which rules are there for travel expenses?');
for (const problem of problems) console.error(`PROBLEM ${problem}`);
console.log(`${questions.length} questions, ${problems.length} problems`);
process.exitCode = problems.length > 0 ? 1 : 0;
