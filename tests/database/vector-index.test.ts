import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { embeddingModelId } from '../../server/database/embedding-model-id.ts';
import { type OpenDatabase, openDatabase } from '../../server/database/open-database.ts';
import { createVectorSearcher } from '../../server/retrieval/vector/nearest-passages.ts';
import { tendHnswIndex } from '../../server/retrieval/vector/tend-hnsw-index.ts';
import { upload } from '../api-client.ts';
import { CapturedLog } from '../captured-log.ts';
import { clusteredVector, DIMENSIONS } from '../clustered-vectors.ts';
import { createTestStorage } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { addVectorLibrary } from '../vector-library.ts';
import { waitUntil } from '../wait-until.ts';

const VECTORS = 4_000;

onEachDatabase('the index of vectors', (createApp, server) => {
  // The embedded database has none: making one would keep its only session for minutes.
  if (server.kind === 'embedded') return;
  let database: OpenDatabase;
  let storage: Awaited<ReturnType<typeof createTestStorage>>;
  let modelId: number;
  let index: string;
  let added = 0;
  const { logger } = new CapturedLog();

  before(async () => {
    storage = await createTestStorage(server.url);
    const { dataDir, databaseUrl } = storage;
    database = await openDatabase({ dataDir, databaseUrl, logger, onLost: assert.fail });
    modelId = await embeddingModelId(database.db, 'clusters', DIMENSIONS);
    index = `passage_embeddings_hnsw_${modelId}`;
    await add(VECTORS);
  });
  after(async () => {
    await database?.close();
    await storage?.remove();
  });

  const add = async (passages: number) => {
    const first = added;
    added += passages;
    const [document] = await addVectorLibrary({
      db: database.db,
      workspaceId: 1,
      modelId,
      documents: 1,
      passagesPerDocument: passages,
      vectorOf: n => clusteredVector(first + n),
    });
    assert.ok(document);
    return { ...document, vector: clusteredVector(first) };
  };
  const tend = (options: { modelName?: string; fromVectors?: number; signal?: AbortSignal } = {}) =>
    tendHnswIndex({ db: database.db, logger, modelName: 'clusters', fromVectors: VECTORS, ...options });
  const indexes = async () => {
    const { rows } = await sql<{ name: string; valid: boolean }>`
      SELECT relname AS name, indisvalid AS valid FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
      WHERE relname LIKE '%hnsw%'`.execute(database.db);
    return rows;
  };
  const isBuilding = () =>
    waitUntil('the index is being built', async () => {
      const { rows } =
        await sql`SELECT 1 FROM pg_stat_progress_create_index WHERE phase LIKE 'building index%'
        AND datname = current_database()`.execute(database.db);
      return rows.length > 0;
    });
  const drop = () => sql`DROP INDEX IF EXISTS ${sql.id(index)}`.execute(database.db);

  test('is not made of too few vectors', async () => {
    assert.deepEqual(await tend({ fromVectors: VECTORS + 1 }), { made: [], dropped: [] });
    assert.deepEqual(await indexes(), []);
  });

  test('is made while documents are added, which are found through it at once', async () => {
    const events: string[] = [];
    const tending = tend().finally(() => events.push('made'));
    await isBuilding();
    const document = await add(20);
    events.push('added');
    assert.deepEqual(await tending, { made: [index], dropped: [] });
    assert.deepEqual(events, ['added', 'made']);
    assert.deepEqual(await indexes(), [{ name: index, valid: true }]);

    const { db } = database;
    const searcher = createVectorSearcher({ db, kind: 'native', mostExact: 0, bitsPerWalk: 0 });
    const query = { workspaceId: 1, modelId, vector: document.vector, limit: 10, alsoPassageIds: [] };
    const [nearest] = await searcher.nearest({ ...query, versionIds: undefined });
    assert.equal(nearest?.passageId, document.firstPassageId);
    await waitUntil('the index is known to have been used', async () => {
      const { rows } = await sql<{ scans: number }>`SELECT idx_scan AS scans FROM pg_stat_user_indexes
        WHERE indexrelname = ${index}`.execute(db);
      return rows[0]?.scans;
    });
  });

  test('gives up where those in scope are too rare, and the list is full all the same', async () => {
    await tend();
    const document = await add(20);
    const url = new URL(storage.databaseUrl ?? '');
    url.searchParams.set('options', '-c hnsw.max_scan_tuples=1');
    const { dataDir } = storage;
    const impatient = await openDatabase({ dataDir, databaseUrl: url.href, logger, onLost: assert.fail });
    try {
      const { db } = impatient;
      const searcher = createVectorSearcher({ db, kind: 'native', mostExact: 0, bitsPerWalk: 0 });
      // Passages asked for by id don't count as found.
      const alsoPassageIds = Array.from({ length: 20 }, (_, n) => document.firstPassageId + n);
      const query = { workspaceId: 1, modelId, vector: clusteredVector(5), limit: 10 };
      for (const also of [[], alsoPassageIds.slice(0, 10)]) {
        const asking = { ...query, versionIds: [document.versionId], alsoPassageIds: also };
        const nearest = await searcher.nearest({ ...asking, alsoPassageIds: [] });
        assert.equal(nearest.length, 10);
        const found = new Set((await searcher.nearest(asking)).map(({ passageId }) => passageId));
        assert.ok(nearest.every(({ passageId }) => found.has(passageId)));
      }
    } finally {
      await impatient.close();
    }
  });

  test('leaves the settings of the connections as they were, made and searched', async () => {
    const { db } = database;
    await drop();
    await tend();
    const searcher = createVectorSearcher({ db, kind: 'native', mostExact: 0, bitsPerWalk: 0 });
    const query = { workspaceId: 1, modelId, vector: clusteredVector(1), limit: 10, alsoPassageIds: [] };
    await Promise.all(
      Array.from({ length: 20 }, () => searcher.nearest({ ...query, versionIds: undefined })),
    );
    const settings = await Promise.all(
      Array.from({ length: 20 }, () =>
        sql`SELECT name, setting FROM pg_settings WHERE source = 'session'
          AND (name LIKE 'enable%' OR name LIKE 'hnsw%' OR name LIKE '%maintenance%')`.execute(db),
      ),
    );
    assert.deepEqual(
      settings.flatMap(({ rows }) => rows),
      [],
    );
  });

  test('is there already: nothing is done', async () => {
    await tend();
    assert.deepEqual(await tend(), { made: [], dropped: [] });
  });

  test('that was not finished is dropped and made again', async () => {
    await drop();
    const ending = new AbortController();
    const tending = tend({ signal: ending.signal });
    await isBuilding();
    ending.abort();
    await assert.rejects(tending);
    assert.deepEqual(await indexes(), [{ name: index, valid: false }]);
    assert.deepEqual(await tend(), { made: [index], dropped: [index] });
    assert.deepEqual(await indexes(), [{ name: index, valid: true }]);
  });

  test('is made by one process at a time', async () => {
    await drop();
    const outcomes = await Promise.all([tend(), tend(), tend()]);
    assert.deepEqual(
      outcomes.flatMap(({ made }) => made),
      [index],
    );
    assert.deepEqual(
      outcomes.flatMap(({ dropped }) => dropped),
      [],
    );
  });

  test('goes when another model is in use, and when few vectors are left', async () => {
    await tend();
    assert.deepEqual(await tend({ modelName: 'another' }), { made: [], dropped: [index] });
    await tend();
    assert.deepEqual(await tend({ fromVectors: 1.5 * VECTORS }), { made: [], dropped: [] });
    assert.deepEqual(await tend({ fromVectors: 3 * VECTORS }), { made: [], dropped: [index] });
  });

  test('is made by a server in the background', async () => {
    const app = await createApp({ env: { VECTOR_INDEX_FROM: '1' } });
    await upload(app, 'The lighthouse keeper feeds the gulls at noon.');
    await app.restart();
    await waitUntil('the index is made', () => app.log.text.includes('vector index made'));
    await app.stop();
  });
});
