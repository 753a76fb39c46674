import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { embeddingModelId } from '../../server/database/embedding-model-id.ts';
import { type OpenDatabase, openDatabase } from '../../server/database/open-database.ts';
import { createVectorSearcher, type VectorSearcher } from '../../server/retrieval/vector/nearest-passages.ts';
import { tendHnswIndex } from '../../server/retrieval/vector/tend-hnsw-index.ts';
import { CapturedLog } from '../captured-log.ts';
import { clusteredVector, DIMENSIONS, dotProduct } from '../clustered-vectors.ts';
import { createTestStorage } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { recordStatements } from '../sent-statements.ts';
import { addVectorLibrary, type VectorDocument } from '../vector-library.ts';

const DOCUMENTS = 60;
const PASSAGES = 50;
const LIMIT = 100;

/** Each way to search, forced by its thresholds, and what only it asks the database. */
const ways = {
  exact: { mostExact: Number.MAX_SAFE_INTEGER, says: ['ORDER BY distance'] },
  bits: { mostExact: -1, bitsPerWalk: Number.MAX_SAFE_INTEGER, says: ['ORDER BY distance', 'passage_bits'] },
  index: { mostExact: -1, bitsPerWalk: 0, says: ['ORDER BY distance', 'hnsw.ef_search'] },
};

onEachDatabase('the nearest passages', (_, server) => {
  let database: OpenDatabase;
  let storage: Awaited<ReturnType<typeof createTestStorage>>;
  let modelId: number;
  let documents: VectorDocument[];
  let others: VectorDocument[];
  let otherWorkspaceId: number;
  const { logger } = new CapturedLog();

  before(async () => {
    storage = await createTestStorage(server.url);
    const { dataDir, databaseUrl } = storage;
    database = await openDatabase({ dataDir, databaseUrl, logger, onLost: assert.fail });
    const { db } = database;
    modelId = await embeddingModelId(db, 'clusters', DIMENSIONS);
    ({ id: otherWorkspaceId } = await db
      .insertInto('workspaces')
      .values({ name: 'another' })
      .returning('id')
      .executeTakeFirstOrThrow());
    const library = { db, modelId, passagesPerDocument: PASSAGES, vectorOf: clusteredVector };
    documents = await addVectorLibrary({ ...library, workspaceId: 1, documents: DOCUMENTS });
    others = await addVectorLibrary({ ...library, workspaceId: otherWorkspaceId, documents: 2 });
    await sql`UPDATE document_versions SET state = 'indexing' WHERE id = ${documents[0]?.versionId}`.execute(
      db,
    );
    await sql`UPDATE document_versions SET role = 'past' WHERE id = ${documents[1]?.versionId}`.execute(db);
    if (server.kind === 'native') await tendHnswIndex({ db, logger, modelName: 'clusters', fromVectors: 1 });
  });
  after(async () => {
    await database?.close();
    await storage?.remove();
  });

  const versionIds = (from: number, to?: number) =>
    documents.slice(from, to).map(({ versionId }) => versionId);
  const vectorsOfPassages = () =>
    new Map(
      documents.flatMap(({ firstPassageId }, document) =>
        Array.from(
          { length: PASSAGES },
          (_, n) => [firstPassageId + n, clusteredVector(document * PASSAGES + n)] as const,
        ),
      ),
    );
  const query = (vector = clusteredVector(DOCUMENTS * PASSAGES + 7)) => ({
    workspaceId: 1,
    modelId,
    vector,
    limit: LIMIT,
    versionIds: undefined,
    alsoPassageIds: [],
  });

  for (const [name, { says, ...thresholds }] of Object.entries(ways)) {
    if (name === 'index' && server.kind === 'embedded') continue;
    describe(`found by ${name}`, () => {
      let searcher: VectorSearcher;
      before(() => {
        searcher = createVectorSearcher({ db: database.db, kind: server.kind, ...thresholds });
      });

      test('are found in that way', async () => {
        const asked = await recordStatements(async () => {
          await searcher.nearest(query());
          await searcher.nearest({ ...query(), versionIds: versionIds(10, 16) });
        });
        const texts = ['ORDER BY distance', 'passage_bits', 'hnsw.ef_search'];
        assert.deepEqual(
          texts.filter(text => asked.some(one => one.includes(text))),
          says,
        );
      });

      test('come with their exact cosine, nearest first', async () => {
        const vectors = vectorsOfPassages();
        const { vector } = query();
        const found = await searcher.nearest(query());
        for (const { passageId, similarity } of found)
          assert.ok(Math.abs(similarity - dotProduct(vector, vectors.get(passageId) ?? vector)) < 1e-5);
        assert.deepEqual(
          found,
          found.toSorted((a, b) => b.similarity - a.similarity),
        );
      });

      test('are nearly all of those that a comparison with every vector finds', async () => {
        const vectors = [...vectorsOfPassages()].slice(2 * PASSAGES);
        let found = 0;
        for (let question = 0; question < 20; question += 1) {
          const vector = clusteredVector(DOCUMENTS * PASSAGES + question);
          const nearest = vectors
            .map(([id, other]) => ({ id, similarity: dotProduct(vector, other) }))
            .toSorted((a, b) => b.similarity - a.similarity)
            .slice(0, 10);
          const ids = new Set(
            (await searcher.nearest({ ...query(vector), limit: 10 })).map(one => one.passageId),
          );
          found += nearest.filter(({ id }) => ids.has(id)).length;
        }
        const recall = found / 200;
        assert.ok(recall >= (name === 'exact' ? 1 : 0.97), `recall@10 is ${recall}`);
      });

      for (const [scope, from, to, size] of [
        ['one document', 5, 6, PASSAGES],
        ['a tenth of the documents', 10, 16, LIMIT],
        ['half of them', 30, undefined, LIMIT],
        ['none', 0, 0, 0],
      ] as const)
        test(`are a full list among ${scope}, and of nothing else`, async () => {
          const scoped = versionIds(from, to);
          const found = await searcher.nearest({ ...query(), versionIds: scoped });
          assert.equal(new Set(found.map(({ passageId }) => passageId)).size, size);
          assert.deepEqual(
            found.filter(({ versionId }) => !scoped.includes(versionId)),
            [],
          );
        });

      test('are a full list of a small workspace in a large table, and of no other workspace', async () => {
        const found = await searcher.nearest({ ...query(), workspaceId: otherWorkspaceId, limit: 80 });
        assert.equal(found.length, 80);
        const own = others.map(({ versionId }) => versionId);
        assert.ok(found.every(({ versionId }) => own.includes(versionId)));
      });

      test('are never of a version that is not published, not even asked for by its id', async () => {
        const hidden = versionIds(0, 2);
        const passageIds = documents.slice(0, 2).map(({ firstPassageId }) => firstPassageId);
        for (const nearestIsHidden of [0, PASSAGES])
          for (const scoped of [undefined, [...hidden, ...versionIds(2, 4)]]) {
            const asking = { ...query(clusteredVector(nearestIsHidden)), versionIds: scoped };
            const found = await searcher.nearest({ ...asking, alsoPassageIds: passageIds });
            assert.equal(found.length, LIMIT);
            assert.ok(found.every(({ versionId }) => !hidden.includes(versionId)));
          }
      });

      test('come together with the passages asked for by id, each once, unless out of scope', async () => {
        const nearest = await searcher.nearest({ ...query(), limit: 5, versionIds: versionIds(2, 20) });
        const far = documents.slice(2, 20).map(({ firstPassageId }) => firstPassageId);
        const outside = documents[25]?.firstPassageId ?? 0;
        const asking = { ...query(), limit: 5, versionIds: versionIds(2, 20) };
        const alsoPassageIds = [...far, nearest[0]?.passageId ?? 0, outside, 999_999_999];
        const found = await searcher.nearest({ ...asking, alsoPassageIds });
        assert.deepEqual(
          found.map(({ passageId }) => passageId).toSorted((a, b) => a - b),
          [...new Set([...nearest.map(one => one.passageId), ...far])].toSorted((a, b) => a - b),
        );
      });
    });
  }

  test('those whose bits are equally near are all compared, however they came to their ids', async () => {
    const { db } = database;
    const { id: workspaceId } = await db
      .insertInto('workspaces')
      .values({ name: 'equal bits' })
      .returning('id')
      .executeTakeFirstOrThrow();
    // Without a sign that differs, and twice as many as are compared exactly at least.
    const vectorOf = (index: number) => clusteredVector(index).map(Math.abs);
    await addVectorLibrary({ db, modelId, workspaceId, documents: 1, passagesPerDocument: 1_000, vectorOf });
    const nearest = (way: typeof ways.exact | typeof ways.bits) =>
      createVectorSearcher({ db, kind: server.kind, ...way }).nearest({
        ...query(vectorOf(5_000)),
        workspaceId,
        limit: 20,
      });
    assert.deepEqual(await nearest(ways.bits), await nearest(ways.exact));
  });

  test('the bits follow the vectors: changed with them, gone with them', async () => {
    const { db } = database;
    const wrong = () =>
      sql<{
        count: number;
      }>`SELECT count(*) FROM passage_embeddings AS embedding FULL JOIN passage_bits AS bits
        USING (workspace_id, passage_id, model_id)
        WHERE bits.bits IS DISTINCT FROM binary_quantize(embedding.embedding)::bit varying
          OR bits.version_id IS DISTINCT FROM embedding.version_id`.execute(db);
    const versionId = documents.at(-1)?.versionId;
    const turned = `[-1${',1'.repeat(DIMENSIONS - 1)}]`;
    await sql`UPDATE passage_embeddings SET embedding = ${turned}::vector, version_id = ${versionIds(3, 4)[0]}
      WHERE version_id = ${versionId}`.execute(db);
    assert.equal((await wrong()).rows[0]?.count, 0);
    await sql`DELETE FROM passage_embeddings WHERE version_id = ${versionIds(3, 4)[0]}`.execute(db);
    assert.equal((await wrong()).rows[0]?.count, 0);
  });
});
