import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import type { Db } from '../../server/database/open-database.ts';
import {
  leaseJob,
  othersWait,
  returnJobs,
  savePosition,
} from '../../server/documents/ingestion/ingestion-jobs.ts';
import { readDocument, removeDocument, upload, uploadLater } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

/** A workspace that nobody has a way into yet, and its name's documents. */
async function addWorkspace(db: Db, name: string): Promise<number> {
  const { id } = await db.insertInto('workspaces').values({ name }).returning('id').executeTakeFirstOrThrow();
  await sql`INSERT INTO index_versions (workspace_id) VALUES (${id}) ON CONFLICT DO NOTHING`.execute(db);
  return id;
}

/** A document with its file and its job, as an upload leaves it. @returns its version. */
async function addDocument(
  db: Db,
  workspaceId: number,
  { text, byteSize = text.length }: { text: string; byteSize?: number },
): Promise<number> {
  const ofWorkspace = { workspace_id: workspaceId };
  const document = await db
    .insertInto('documents')
    .values({ ...ofWorkspace, title: null, language: null, source: null })
    .returning('id')
    .executeTakeFirstOrThrow();
  const file = await db
    .insertInto('stored_files')
    .values({ ...ofWorkspace, document_id: document.id, byte_size: byteSize })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('file_parts')
    .values({ ...ofWorkspace, file_id: file.id, ordinal: 0, content: Buffer.from(text) })
    .execute();
  const version = await db
    .insertInto('document_versions')
    .values({
      ...ofWorkspace,
      document_id: document.id,
      role: 'current',
      file_id: file.id,
      filename: 'direct.txt',
      media_type: 'text/plain',
      byte_size: byteSize,
      sha256: `hash of ${text}`,
      state: 'queued',
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  await db
    .insertInto('ingestion_jobs')
    .values({ ...ofWorkspace, version_id: version.id })
    .execute();
  return version.id;
}

const any = { smallOnly: false };

onEachDatabase('fairness of the queue', createApp => {
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({ env: { ...embeddings.env, INGESTION_CONCURRENCY: '1' } });
  });
  after(() => embeddings.close());

  const emptyQueue = (db: Db) => db.deleteFrom('ingestion_jobs').execute();
  /** The first workspace as it began, and no other. */
  const startAfresh = async (db: Db) => {
    const first = await firstWorkspace(db);
    await db.deleteFrom('documents').execute();
    await db.deleteFrom('workspaces').where('id', '!=', first).execute();
    return first;
  };
  const firstWorkspace = async (db: Db) =>
    (await db.selectFrom('workspaces').select('id').orderBy('id').executeTakeFirstOrThrow()).id;

  test('jobs are leased by turns between workspaces, and in their order within one', async () => {
    await app.inspect(async db => {
      const first = await startAfresh(db);
      const second = await addWorkspace(db, 'second');
      const big = [];
      for (const name of ['a1', 'a2', 'a3']) big.push(await addDocument(db, first, { text: name }));
      const small = [];
      for (const name of ['b1', 'b2']) small.push(await addDocument(db, second, { text: name }));
      const leased = [];
      for (let job = await leaseJob(db, 'me', any); job; job = await leaseJob(db, 'me', any))
        leased.push(job);
      assert.deepEqual(
        leased.map(job => job.versionId),
        [big[0], small[0], big[1], small[1], big[2]],
      );
      assert.ok(leased.every(({ attempts, savedPosition }) => attempts === 1 && savedPosition === null));
      await emptyQueue(db);

      // Whoever has made way comes after those who were never taken.
      const third = await addDocument(db, first, { text: 'c1' });
      const fourth = await addDocument(db, first, { text: 'c2' });
      const made = await leaseJob(db, 'me', any);
      assert.equal(made?.versionId, third);
      await returnJobs(db, 'me', [made.id]);
      assert.equal((await leaseJob(db, 'me', any))?.versionId, fourth);
      const again = await leaseJob(db, 'me', any);
      assert.deepEqual([again?.versionId, again?.attempts], [third, 1]);
      await emptyQueue(db);

      // A lease that has run out is taken over, one that holds is not.
      const dead = await addDocument(db, first, { text: 'd1' });
      assert.equal((await leaseJob(db, 'dead', any))?.versionId, dead);
      assert.equal(await leaseJob(db, 'me', any), undefined);
      await sql`UPDATE ingestion_jobs SET lease_until = now() - interval '1 second'`.execute(db);
      const taken = await leaseJob(db, 'me', any);
      assert.deepEqual([taken?.versionId, taken?.attempts, taken?.owner], [dead, 2, 'me']);
      await emptyQueue(db);

      // Every save gives a long work all its attempts again; begun stages and returned jobs do not.
      const long = await addDocument(db, first, { text: 'long' });
      const attempts = [];
      for (const position of [null, null, 0, 0, 32, 64]) {
        const job = await leaseJob(db, 'me', any);
        assert.equal(job?.versionId, long);
        attempts.push(job.attempts);
        await db.transaction().execute(trx => savePosition(trx, job, position));
        await sql`UPDATE ingestion_jobs SET lease_until = now() - interval '1 second'`.execute(db);
      }
      assert.deepEqual(attempts, [1, 2, 3, 1, 2, 1]);
      const last = await leaseJob(db, 'me', any);
      assert.ok(last && last.attempts === 1);
      await db.transaction().execute(trx => savePosition(trx, last, 96));
      await returnJobs(db, 'me', [last.id]);
      assert.equal((await leaseJob(db, 'me', any))?.attempts, 1);
      await emptyQueue(db);

      // Larger files are left to the other loops.
      const large = await addDocument(db, first, { text: 'e1', byteSize: 1024 * 1024 + 1 });
      const little = await addDocument(db, first, { text: 'e2', byteSize: 1024 * 1024 });
      assert.equal((await leaseJob(db, 'me', { smallOnly: true }))?.versionId, little);
      assert.equal(await leaseJob(db, 'me', { smallOnly: true }), undefined);
      assert.equal((await leaseJob(db, 'me', any))?.versionId, large);
    });
  });

  test('a job makes way only for workspaces that have fewer running', async () => {
    await app.inspect(async db => {
      const first = await startAfresh(db);
      const second = await addWorkspace(db, 'second');
      await addDocument(db, first, { text: 'a1' });
      const job = await leaseJob(db, 'me', any);
      assert.ok(job);
      assert.equal(await othersWait(db, job), false, 'nobody is there');
      await addDocument(db, first, { text: 'a2' });
      assert.equal(await othersWait(db, job), false, 'its own workspace waits');
      await addDocument(db, second, { text: 'b1' });
      assert.equal(await othersWait(db, job), true);
      const other = await leaseJob(db, 'me', any);
      assert.equal(other?.workspaceId, second);
      await addDocument(db, second, { text: 'b2' });
      assert.equal(await othersWait(db, job), false, 'both have one');
      assert.equal(await othersWait(db, other), false, 'both have one');
      await leaseJob(db, 'me', any);
      assert.equal(await othersWait(db, job), true, 'the first has two now');
    });
  });

  test('a workspace’s few documents become ready, however many another has sent before', async () => {
    await app.inspect(async db => {
      const first = await startAfresh(db);
      for (let index = 1; index <= 8; index += 1)
        await addDocument(db, first, { text: `Many of the first, number ${index}.` });
      const second = await addWorkspace(db, 'second');
      for (let index = 1; index <= 2; index += 1)
        await addDocument(db, second, { text: `Few of the second, number ${index}.` });
    });
    embeddings.texts.length = 0;
    // In the order of sending, the second workspace would wait for as long as these are held.
    embeddings.hold(/first, number [5-8]/);
    await app.restart();
    const isEmbedded = (wanted: RegExp) => embeddings.texts.some(one => wanted.test(one));
    await waitUntil('the second’s are embedded', () =>
      [/second, number 1/, /second, number 2/].every(isEmbedded),
    );
    embeddings.release();
    await waitUntil('all are embedded', () => embeddings.texts.length === 10);
  });

  test('small files do not wait for a large one', async () => {
    embeddings.hold(/enormous/);
    const large = await uploadLater(app, 'It is enormous. '.repeat(70_000), 'large.txt');
    await waitUntil('the large one is at work', () => embeddings.held() > 0);
    for (const name of ['one', 'two', 'three']) await upload(app, `A small text, ${name}.`, `${name}.txt`);
    assert.equal((await readDocument(app, large)).state, 'indexing');
    await removeDocument(app, large);
    embeddings.release();
  });
});
