import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import type { Db } from '../../server/database/open-database.ts';
import { mergeRuns } from '../../server/documents/lexical-index/merge-runs.ts';
import { removeFromIndex } from '../../server/documents/lexical-index/remove-from-index.ts';
import { upload } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';

/** Enough passages for a merge of several steps. */
const book = Array.from({ length: 1_300 }, (_, index) =>
  `Paragraph ${index} is about part number ${index * 7919} and nothing else. `.repeat(8),
).join('\n\n');

const readBlocks = async (db: Db) =>
  (
    await sql`SELECT term, page, encode(data, 'hex') AS data FROM lexical_blocks ORDER BY term, page`.execute(
      db,
    )
  ).rows;
const readStates = async (db: Db) =>
  (await db.selectFrom('lexical_documents').select('state').execute()).map(({ state }) => state);

/** The database goes away at the n-th transaction. */
function failingAt(db: Db, n: number): Db {
  let count = 0;
  return new Proxy(db, {
    get(target, key) {
      const value = Reflect.get(target, key);
      if (key === 'transaction' && ++count === n) throw new Error('the database is away');
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

onEachDatabase('merging the lexical index', createApp => {
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({ env: embeddings.env });
    await upload(app, book, 'book.txt');
  });
  after(() => embeddings.close());

  test('a merge cut short is done again, with the same result, and can be taken back at any point', async () => {
    await app.inspect(async db => {
      const { id: workspaceId } = await db.selectFrom('workspaces').select('id').executeTakeFirstOrThrow();
      const { version_id: versionId } = await db
        .selectFrom('lexical_documents')
        .select('version_id')
        .executeTakeFirstOrThrow();
      const begin = async () => {
        await db.deleteFrom('lexical_blocks').execute();
        await db.updateTable('lexical_documents').set({ state: 'own', merge_number: null }).execute();
      };
      await begin();
      assert.equal(await mergeRuns(db, workspaceId), true);
      const whole = await readBlocks(db);
      assert.deepEqual([whole.length > 2_000, await readStates(db)], [true, ['merged']]);

      await begin();
      await assert.rejects(mergeRuns(failingAt(db, 4), workspaceId), /away/);
      const part = await readBlocks(db);
      assert.ok(part.length > 0 && part.length < whole.length);
      assert.deepEqual(await readStates(db), ['merging']);
      assert.equal(await mergeRuns(db, workspaceId), false, 'another process may be at it');
      await sql`UPDATE lexical_documents SET merging_since = now() - interval '1 hour'`.execute(db);
      assert.equal(await mergeRuns(db, workspaceId), true);
      assert.deepEqual(await readBlocks(db), whole);
      assert.deepEqual(await readStates(db), ['merged']);

      await begin();
      await assert.rejects(mergeRuns(failingAt(db, 5), workspaceId), /away/);
      assert.ok((await readBlocks(db)).length > 0);
      while (await removeFromIndex(db, { workspaceId, versionId }));
      assert.deepEqual([await readBlocks(db), await readStates(db)], [[], []]);
    });
  });
});
