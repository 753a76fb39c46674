/** From a question's text to ten passages with their texts, over HTTP, by words and vectors, at size. */
import { setTimeout as delay } from 'node:timers/promises';
import { createApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import type { Embedder } from '../../server/embedding/embedder.ts';
import { createLogger } from '../../server/logger.ts';
import { createNativeDatabase } from '../../tests/database-templates/native-database.ts';
import { withClient } from '../api-client.ts';
import { clusterVectors } from '../cluster-vectors.ts';
import { ingestFiles } from '../ingest-files.ts';
import { percentile } from '../percentile.ts';
import type { Measure } from '../report.ts';
import { withFolder } from '../server-process.ts';
import { bytesPerPassage, makeFiles, makeQuestions } from '../texts.ts';
import type { Sizes } from './part.ts';

const QUESTIONS = 200;
/** Asked after the ingestion: what they read stays in memory, and V8 compiles what they ran. */
const FIRST_QUESTIONS = 20;
const WARMING_QUESTIONS = 300;
const REAL_PASSAGES = 1_000;
const PASSAGES_PER_FILE = 500;
const LIMIT = 10;
/** Of processor time in a second. */
const IDLE_MICROSECONDS = 100_000;
const modes = ['hybrid', 'lexical', 'vector'] as const;

type Goals = Record<number, { p50: number; p95: number }>;
const goals: Record<'embedded' | 'native', Goals> = {
  embedded: { 10000: { p50: 12, p95: 20 }, 100000: { p50: 30, p95: 50 } },
  native: { 10000: { p50: 7, p95: 12 }, 100000: { p50: 9, p95: 18 } },
};

export async function measureRetrieval({ quick }: Sizes): Promise<Measure[]> {
  const measures: Measure[] = [];
  for (const passages of quick ? [1_000] : [10_000, 100_000]) {
    measures.push(...(await withFolder(folder => measure({ folder, passages, databaseUrl: undefined }))));
    const serverUrl = process.env.TEST_DATABASE_URL;
    if (!serverUrl) {
      console.log('TEST_DATABASE_URL names no native PostgreSQL: `.ci/native-postgres start` prints one.');
      continue;
    }
    const native = await createNativeDatabase(serverUrl);
    try {
      measures.push(...(await withFolder(folder => measure({ folder, passages, databaseUrl: native.url }))));
    } finally {
      await native.drop();
    }
  }
  return measures;
}

type Library = { folder: string; passages: number; databaseUrl: string | undefined };

async function measure({ folder, passages, databaseUrl }: Library): Promise<Measure[]> {
  const kind = databaseUrl ? 'native' : 'embedded';
  const config = readConfig(
    {
      LECTERN_DATA_DIR: folder,
      PORT: '0',
      QUERY_CACHE_SECONDS: '0',
      ...(databaseUrl && { DATABASE_URL: databaseUrl }),
    },
    { envFile: '' },
  );
  const app = await createApp(config, {
    logger: createLogger({ level: 'error', readable: false }),
    onDatabaseLost: error => {
      throw error;
    },
    wrapEmbedder: withSyntheticVectors,
  });
  try {
    const baseUrl = await app.listen();
    return await withClient(baseUrl, async client => {
      // Before the clock starts: the vectors that the others are made from.
      await ingestFiles(client, [{ name: 'first.txt', text: 'The first document.' }], {
        respondAsync: false,
      });
      const startedAt = performance.now();
      const files = makeFiles(passages / PASSAGES_PER_FILE, PASSAGES_PER_FILE * bytesPerPassage, {
        joined: 1,
      });
      const ingested = await ingestFiles(client, files, { respondAsync: true });
      const seconds = (performance.now() - startedAt) / 1000;
      const name = `${kind}, ${passages.toLocaleString('en')} passages`;
      const measures: Measure[] = [
        {
          name: `${name}, ingested without embedding`,
          value: ingested.passages / seconds,
          unit: 'passages/s',
          note: `${ingested.passages} passages of real sentences, vectors made from real ones`,
        },
      ];
      // What has just come is merged into the index for some time, which takes its share of both cores.
      await untilIdle();
      const questions = makeQuestions(FIRST_QUESTIONS + WARMING_QUESTIONS + QUESTIONS);
      const first = await ask(baseUrl, 'hybrid', questions.splice(0, FIRST_QUESTIONS));
      measures.push({
        name: `${name}, hybrid, the first ${FIRST_QUESTIONS} questions, p50`,
        value: percentile(first, 50),
        unit: 'ms',
      });
      await ask(baseUrl, 'hybrid', questions.splice(0, WARMING_QUESTIONS));
      for (const mode of modes) {
        const times = await ask(baseUrl, mode, questions);
        const goal = mode === 'hybrid' ? goals[kind][passages] : undefined;
        for (const [per, atMost] of [
          [50, goal?.p50],
          [95, goal?.p95],
        ] as const)
          measures.push({
            name: `${name}, ${mode} p${per}`,
            value: percentile(times, per),
            unit: 'ms',
            ...(atMost !== undefined && { goal: { atMost } }),
          });
      }
      return measures;
    });
  } finally {
    await app.close();
  }
}

/** Resolves when this process, which the server is part of, has done next to nothing for three seconds. */
async function untilIdle(): Promise<void> {
  for (let idleSeconds = 0; idleSeconds < 3; ) {
    const before = process.cpuUsage();
    await delay(1_000);
    const { user, system } = process.cpuUsage(before);
    idleSeconds = user + system < IDLE_MICROSECONDS ? idleSeconds + 1 : 0;
  }
}

/** Milliseconds that each search takes. */
async function ask(baseUrl: string, mode: (typeof modes)[number], questions: string[]): Promise<number[]> {
  const times: number[] = [];
  for (const query of questions) {
    const startedAt = performance.now();
    const response = await fetch(`${baseUrl}/api/search/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, mode, top_k: LIMIT }),
    });
    await response.json();
    if (!response.ok) throw new Error(`A search answered ${response.status}.`);
    times.push(performance.now() - startedAt);
  }
  return times;
}

/** Passages get vectors near those of real ones, questions their own: embedding 100,000 would take half an hour. */
function withSyntheticVectors(embedder: Embedder): Embedder {
  let vectorOf: Promise<(index: number) => Float32Array> | undefined;
  let next = 0;
  return {
    get modelName() {
      return embedder.modelName;
    },
    get dimensions() {
      return embedder.dimensions;
    },
    get state() {
      return embedder.state;
    },
    embedQuestion: question => embedder.embedQuestion(question),
    async embedPassages(texts) {
      vectorOf ??= embedReal(embedder).then(clusterVectors);
      const vector = await vectorOf;
      return texts.map(() => {
        next += 1;
        return vector(next);
      });
    },
    close: () => embedder.close(),
  };
}

function embedReal(embedder: Embedder): Promise<Float32Array[]> {
  const texts = makeFiles(20, (REAL_PASSAGES / 20) * bytesPerPassage, { joined: 1 }).flatMap(({ text }) =>
    text.split('\n\n'),
  );
  return embedder.embedPassages(texts);
}
