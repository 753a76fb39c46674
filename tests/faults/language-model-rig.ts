import assert from 'node:assert/strict';
import { Writable } from 'node:stream';
import { after, afterEach } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { pino } from 'pino';
import { LanguageModelError } from '../../server/errors.ts';
import type { LanguageModel, ModelEvent } from '../../server/language-model/language-model.ts';
import { toLanguageModel } from '../../server/language-model/model-writer.ts';
import { createOpenAICompatibleModel } from '../../server/language-model/openai-compatible/openai-compatible-model.ts';
import { type Behaviour, startFakeLanguageModel } from '../fakes/language-model-server.ts';

export const apiKey = 'sk-test/7Qz+SECRET=key';

/** Long enough never to strike in a test that isn't about them, short enough for the suite when they do. */
const generous = { connectMs: 8_000, firstTokenMs: 8_000, silenceMs: 8_000 };

/** Everything that was logged at any level. */
export const logLines: string[] = [];
const logger = pino(
  { level: 'trace' },
  new Writable({
    write(line, _encoding, done) {
      logLines.push(String(line));
      done();
    },
  }),
);

export const fake = await startFakeLanguageModel();
const models: LanguageModel[] = [];

afterEach(async () => {
  await Promise.all(models.splice(0).map(model => model.close()));
  fake.requests.length = 0;
});
after(() => fake.close());

type Settings = { timeouts?: Partial<typeof generous>; baseUrl?: string; apiKey?: string };

export function startModel(settings: Settings = {}): LanguageModel {
  const writer = createOpenAICompatibleModel({
    baseUrl: settings.baseUrl ?? fake.baseUrl,
    apiKey: settings.apiKey ?? apiKey,
    model: 'fake-model',
    timeouts: { ...generous, ...settings.timeouts },
    retryBaseMs: 5,
    logger,
  });
  const model = toLanguageModel(writer);
  models.push(model);
  return model;
}

type Outcome = {
  text: string;
  events: ModelEvent[];
  error: LanguageModelError | undefined;
  tookMs: number;
};

type Asked = { temperature?: number; signal?: AbortSignal };

export async function ask(model: LanguageModel, asked: Asked = {}): Promise<Outcome> {
  const events: ModelEvent[] = [];
  const startedMs = performance.now();
  let error: LanguageModelError | undefined;
  try {
    for await (const event of generate(model, asked)) events.push(event);
  } catch (thrown) {
    assert.ok(thrown instanceof LanguageModelError, `not a LanguageModelError: ${thrown}`);
    logger.error({ err: thrown }, 'as a caller would log it');
    error = thrown;
  }
  const text = events.map(event => (event.type === 'delta' ? event.text : '')).join('');
  return { text, events, error, tookMs: performance.now() - startedMs };
}

export function generate(
  model: LanguageModel,
  { signal = new AbortController().signal, ...more }: Asked = {},
): AsyncIterable<ModelEvent> {
  return model.generate({
    messages: [{ role: 'user', content: 'What is a lectern?' }],
    maxTokens: 50,
    ...more,
    signal,
  });
}

export async function askScripted(...behaviours: Behaviour[]): Promise<Outcome> {
  fake.script(...behaviours);
  return ask(startModel());
}

export function finishOf({ events, error }: Outcome): ModelEvent | undefined {
  assert.equal(error, undefined, error?.message);
  assert.equal(events.filter(event => event.type === 'finish').length, 1);
  return events.at(-1);
}

export const event = (fields: object) => `data: ${JSON.stringify(fields)}\n\n`;
export const delta = (content: string | null, finish_reason: string | null = null) =>
  event({ choices: [{ index: 0, delta: { content }, finish_reason }] });
export const finished = { type: 'finish', reason: 'stop', usage: undefined };

/** Asks and throws away what comes; for tests about how it ends. */
export async function drain(signal: AbortSignal): Promise<void> {
  for await (const each of generate(startModel(), { signal })) assert.ok(each);
}

export const waitForRequest = () => waitUntil(() => fake.requests.length > 0);

export async function waitUntil(condition: () => boolean): Promise<void> {
  for (const endMs = performance.now() + 5_000; !condition(); await delay(5)) {
    assert.ok(performance.now() < endMs, 'the condition did not come true within 5 seconds');
  }
}
