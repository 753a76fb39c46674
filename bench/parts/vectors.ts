/** Searching vectors by the server's own code, straight in the database: how fast, and how much of the nearest it finds. */
import { sql } from 'kysely';
import { readConfig } from '../../server/config.ts';
import { embeddingModelId } from '../../server/database/embedding-model-id.ts';
import { type Db, type OpenDatabase, openDatabase } from '../../server/database/open-database.ts';
import { createOnnxEmbedder } from '../../server/embedding/onnx-embedder.ts';
import { createLogger } from '../../server/logger.ts';
import { createVectorSearcher, type VectorSearcher } from '../../server/retrieval/vector/nearest-passages.ts';
import { tendHnswIndex } from '../../server/retrieval/vector/tend-hnsw-index.ts';
import { createNativeDatabase } from '../../tests/database-templates/native-database.ts';
import { addVectorLibrary } from '../../tests/vector-library.ts';
import { clusterVectors } from '../cluster-vectors.ts';
import { percentile } from '../percentile.ts';
import type { Measure } from '../report.ts';
import { withFolder } from '../server-process.ts';
import { makeFiles, makeQuestions } from '../texts.ts';
import type { Sizes } from './part.ts';

/** What fusion asks for. */
const LIMIT = 100;
const QUESTIONS = 60;
const REAL_PASSAGES = 2_000;
const PASSAGES_PER_DOCUMENT = 100;
const MODEL = 'bench';
const LEAST_RECALL = 0.97;
/** Every n-th document is in scope. */
const scopes = { everything: 1, '10 %': 10, '1 %': 100 };

type Vectors = { vectorOf(index: number): Float32Array; questions: Float32Array[] };
type Measuring = { db: Db; kind: 'embedded' | 'native'; size: number; vectors: Vectors };

export async function measureVectors({ quick }: Sizes): Promise<Measure[]> {
  const vectors = await embedTexts(quick ? 300 : REAL_PASSAGES);
  const measures: Measure[] = [];
  for (const size of quick ? [10_000] : [10_000, 100_000]) {
    await withFolder(async dataDir => {
      const database = await open(dataDir, undefined);
      await using _ = closing(() => database.close());
      measures.push(...(await measure({ db: database.db, kind: 'embedded', size, vectors })));
    });
    const serverUrl = process.env.TEST_DATABASE_URL;
    if (serverUrl) measures.push(...(await measureNative(serverUrl, size, vectors)));
    else console.log('TEST_DATABASE_URL names no native PostgreSQL: `.ci/native-postgres start` prints one.');
  }
  return measures;
}

function measureNative(serverUrl: string, size: number, vectors: Vectors): Promise<Measure[]> {
  return withFolder(async dataDir => {
    const native = await createNativeDatabase(serverUrl);
    await using _dropped = closing(() => native.drop());
    const database = await open(dataDir, native.url);
    await using _closed = closing(() => database.close());
    return await measure({ db: database.db, kind: 'native', size, vectors });
  });
}

function open(dataDir: string, databaseUrl: string | undefined): Promise<OpenDatabase> {
  const onLost = (error: Error) => {
    throw error;
  };
  return openDatabase({ dataDir, databaseUrl, logger: silent, onLost });
}

const silent = createLogger({ level: 'silent', readable: false });

const closing = (close: () => Promise<void>) => ({ [Symbol.asyncDispose]: close });

async function embedTexts(passages: number): Promise<Vectors> {
  const { embeddingModelPath: modelFolder, embeddingWorkers: workers } = readConfig({}, { envFile: '' });
  const embedder = await createOnnxEmbedder({ modelFolder, workers });
  try {
    const texts = makeFiles(20, 100 * passages, { joined: 1 }).flatMap(({ text }) => text.split('\n\n'));
    const real = await embedder.embedPassages(texts.slice(0, passages));
    const questions = makeQuestions(QUESTIONS).map(question => embedder.embedQuestion(question));
    return { vectorOf: clusterVectors(real), questions: await Promise.all(questions) };
  } finally {
    await embedder.close();
  }
}

async function measure({ db, kind, size, vectors }: Measuring): Promise<Measure[]> {
  const { vectorOf, questions } = vectors;
  const modelId = await embeddingModelId(db, MODEL, questions[0]?.length ?? 0);
  const { id: workspaceId } = await db.selectFrom('workspaces').select('id').executeTakeFirstOrThrow();
  const documents = await addVectorLibrary({
    db,
    workspaceId,
    modelId,
    documents: size / PASSAGES_PER_DOCUMENT,
    passagesPerDocument: PASSAGES_PER_DOCUMENT,
    vectorOf,
  });
  // What happens by itself within a minute.
  await sql`VACUUM (ANALYZE)`.execute(db);
  const measures = await indexVectors({ db, kind, size, vectors });

  const searcher = createVectorSearcher({ db, kind });
  const exact = createVectorSearcher({ db, kind, mostExact: size });
  for (const [scope, nth] of Object.entries(scopes)) {
    const inScope = documents.filter((_, index) => index % nth === 0).map(({ versionId }) => versionId);
    const ask = (one: VectorSearcher, vector: Float32Array) => {
      const versionIds = nth === 1 ? undefined : inScope;
      return one.nearest({ workspaceId, modelId, vector, limit: LIMIT, versionIds, alsoPassageIds: [] });
    };
    const name = `${kind}, ${size.toLocaleString('en')} passages, ${scope}`;
    measures.push(
      ...(await compare(
        name,
        questions,
        vector => ask(searcher, vector),
        vector => ask(exact, vector),
      )),
    );
  }
  return measures;
}

/** As the server does from VECTOR_INDEX_FROM passages on. */
async function indexVectors({ db, kind, size }: Measuring): Promise<Measure[]> {
  if (kind === 'embedded') return [];
  const { vectorIndexFrom } = readConfig({}, { envFile: '' });
  const startedAt = performance.now();
  const { made } = await tendHnswIndex({
    db,
    logger: silent,
    modelName: MODEL,
    fromVectors: vectorIndexFrom,
  });
  if (made.length === 0) return [];
  const seconds = (performance.now() - startedAt) / 1000;
  return [{ name: `${kind}, ${size.toLocaleString('en')} passages, index made`, value: seconds, unit: 's' }];
}

type Search = (vector: Float32Array) => Promise<{ passageId: number }[]>;

async function compare(
  name: string,
  questions: Float32Array[],
  search: Search,
  exact: Search,
): Promise<Measure[]> {
  const times: number[] = [];
  const exactTimes: number[] = [];
  const recalls = { 10: [] as number[], [LIMIT]: [] as number[] };
  await search(questions[0] ?? new Float32Array());
  for (const question of questions) {
    const wanted = await timed(exactTimes, () => exact(question));
    const found = new Set((await timed(times, () => search(question))).map(({ passageId }) => passageId));
    for (const [depth, recall] of Object.entries(recalls)) {
      const nearest = wanted.slice(0, Number(depth));
      recall.push(nearest.filter(({ passageId }) => found.has(passageId)).length / nearest.length);
    }
  }
  const note = `p95 ${percentile(times, 95).toFixed(1)}; every vector compared: p50 ${percentile(exactTimes, 50).toFixed(1)}`;
  return [
    { name, value: percentile(times, 50), unit: 'ms', note },
    {
      name: `${name}: recall@10`,
      value: mean(recalls[10]),
      unit: '',
      goal: { atLeast: LEAST_RECALL },
      note: `recall@${LIMIT} ${mean(recalls[LIMIT] ?? []).toFixed(3)}`,
    },
  ];
}

async function timed<Result>(times: number[], run: () => Promise<Result>): Promise<Result> {
  const startedAt = performance.now();
  const result = await run();
  times.push(performance.now() - startedAt);
  return result;
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
