/** Whether half of many documents is found as if the other half had never been there, once that is deleted. */
import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { searchAnswer } from '../../contract/search.ts';
import { createApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import type { Embedder } from '../../server/embedding/embedder.ts';
import { createLogger } from '../../server/logger.ts';
import { createNativeDatabase } from '../../tests/database-templates/native-database.ts';
import { makeArticle } from '../../tests/make-article.ts';
import { type ApiClient, withClient } from '../api-client.ts';
import { percentile } from '../percentile.ts';
import type { Measure } from '../report.ts';
import { withFolder } from '../server-process.ts';
import type { Sizes } from './part.ts';

const DOCUMENTS = 10_000;
const AT_ONCE = 8;
const DIMENSIONS = 64;
const questions = [
  'battery warranty',
  'form AB-1234',
  'Who must report a password?',
  'chapter 4.2',
  'article 17',
  'What does the visitor need from the works council?',
];

export async function measureDeletions({ quick }: Sizes): Promise<Measure[]> {
  const all = Array.from({ length: quick ? 200 : DOCUMENTS }, (_, index) => index);
  const kept = all.filter(number => number % 2 === 1);
  const expected = await withLibrary(async (client, url) => {
    await uploadAll(client, kept);
    return findAll(url);
  });
  return withLibrary(async (client, url) => {
    const ids = await uploadAll(client, all);
    const before = await findAll(url);
    const times: number[] = [];
    for (const number of all.filter(one => one % 2 === 0)) {
      const startedAt = performance.now();
      await client.deleteDocument(ids.get(number) ?? 0);
      times.push(performance.now() - startedAt);
    }
    const found = await findAll(url);
    const equal = found.filter((one, index) =>
      isDeepStrictEqual(one.results, expected[index]?.results),
    ).length;
    for (const [index, one] of found.entries()) showDifferences(one, expected[index]);
    if (isDeepStrictEqual(before, expected)) throw new Error('The deleted documents made no difference.');
    return [
      {
        name: 'searches as if the deleted had never been there',
        value: equal,
        unit: `of ${expected.length}`,
        goal: { atLeast: expected.length },
        note: `${times.length} of ${all.length} documents deleted; the first 100 passages with all scores`,
      },
      { name: 'deleting a document p50', value: percentile(times, 50), unit: 'ms' },
      { name: 'deleting a document p95', value: percentile(times, 95), unit: 'ms' },
    ];
  });
}

/** On a native database if there is one: ingesting takes a third of the time there. */
async function withLibrary<T>(work: (client: ApiClient, url: string) => Promise<T>): Promise<T> {
  const serverUrl = process.env.TEST_DATABASE_URL;
  const native = serverUrl ? await createNativeDatabase(serverUrl) : undefined;
  try {
    return await withFolder(async folder => {
      const settings = {
        LECTERN_DATA_DIR: folder,
        PORT: '0',
        // Vectors in memory are rounded, and while they are still being read the database is asked, which knows them
        // exactly: the same search would differ in the third digit by when it is made.
        VECTOR_MEMORY_MB: '0',
        QUERY_CACHE_SECONDS: '0',
        ...(native && { DATABASE_URL: native.url }),
      };
      const app = await createApp(readConfig(settings, { envFile: '' }), {
        logger: createLogger({ level: 'error', readable: false }),
        onDatabaseLost: error => {
          throw error;
        },
        wrapEmbedder: withWordVectors,
      });
      try {
        const url = await app.listen();
        return await withClient(url, client => work(client, url));
      } finally {
        await app.close();
      }
    });
  } finally {
    await native?.drop();
  }
}

async function uploadAll(client: ApiClient, numbers: number[]): Promise<Map<number, number>> {
  const ids = new Map<number, number>();
  const waiting = numbers.values();
  const uploadSome = async () => {
    for (const number of waiting)
      ids.set(number, await client.upload({ name: `article-${number}.txt`, text: makeArticle(number) }));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, uploadSome));
  return ids;
}

type Found = { query: string; results: (string | number | undefined)[][] };

/** For whoever has to find out why. */
function showDifferences({ query, results }: Found, expected: Found | undefined): void {
  const [found, others] = [results, expected?.results ?? []].map(all => new Set(all.map(String)));
  const show = (sign: string, ours = found, theirs = others) =>
    [...(ours ?? [])].filter(one => !theirs?.has(one)).map(one => `${sign} ${one}`);
  const lines = [...show('+'), ...show('-', others, found)];
  if (lines.length > 0)
    console.log([`deletions: ${query} (${results.length})`, ...lines.slice(0, 20)].join('\n  '));
}

/** What each question finds in each mode, without ids; equal scores in the order of the names. */
async function findAll(url: string): Promise<Found[]> {
  const answers: Found[] = [];
  for (const mode of ['hybrid', 'lexical', 'vector'])
    for (const query of questions) {
      const response = await fetch(`${url}/api/search/`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, mode, top_k: 100 }),
      });
      const { results } = searchAnswer.parse(await response.json());
      // Where many passages have the same score, which of them are the last of the hundred is a matter of ids.
      const last = results.at(-1)?.score.toFixed(4);
      answers.push({
        query: `${mode}, ${query}`,
        results: results
          .filter(({ score }) => score.toFixed(4) !== last)
          .map(({ filename, start, score, scores }) => [
            filename,
            start,
            score.toFixed(4),
            ...Object.values(scores).map(part => part?.toFixed(4)),
          ])
          .sort((a, b) => String(a).localeCompare(String(b))),
      });
    }
  return answers;
}

/** Vectors that texts alone decide, without the time that the model takes. */
function withWordVectors(embedder: Embedder): Embedder {
  const vectorOf = (text: string) => {
    const vector = new Float32Array(DIMENSIONS).fill(0.01);
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
      const place = (createHash('md5').update(word).digest()[0] ?? 0) % DIMENSIONS;
      vector[place] = (vector[place] ?? 0) + 1;
    }
    const length = Math.hypot(...vector);
    return vector.map(value => value / length);
  };
  return {
    modelName: 'words',
    dimensions: DIMENSIONS,
    state: 'loaded',
    embedQuestion: async question => vectorOf(question),
    embedPassages: async passages => passages.map(vectorOf),
    close: () => embedder.close(),
  };
}
