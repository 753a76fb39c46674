import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sql } from 'kysely';
import { type CheckName, doctorReport } from '../../contract/doctor.ts';
import { searchAnswer } from '../../contract/search.ts';
import type { Db } from '../../server/database/open-database.ts';
import { writeBlocks } from '../../server/documents/lexical-index/lexical-store.ts';
import { removePlanBatch } from '../../server/documents/remove-plan.ts';
import { encodePostings, offsetInPage, pageOf } from '../../server/lexical/postings.ts';
import {
  expectError,
  expectJson,
  postJson,
  putFile,
  readDocument,
  upload,
  waitUntilReady,
} from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';

const lighthouse = `The lighthouse was built in 1874. ${'Its lamp turns all night. '.repeat(300)}`;

/** What is done to the database, and whether the doctor alone can mend it. */
const damages: { name: CheckName; damage: (db: Db) => Promise<unknown>; isRepairable: boolean }[] = [
  {
    name: 'abandoned_uploads',
    damage: db =>
      sql`INSERT INTO stored_files (workspace_id, updated_at)
        SELECT id, now() - interval '1 hour' FROM workspaces`.execute(db),
    isRepairable: true,
  },
  {
    name: 'documents_without_version',
    damage: db => sql`INSERT INTO documents (workspace_id) SELECT id FROM workspaces`.execute(db),
    isRepairable: true,
  },
  {
    name: 'versions_without_job',
    damage: db => sql`UPDATE document_versions SET state = 'indexing', stage = 'embedding'`.execute(db),
    isRepairable: true,
  },
  {
    name: 'jobs_without_work',
    damage: db =>
      sql`INSERT INTO ingestion_jobs (workspace_id, version_id, lease_owner, lease_until)
        SELECT workspace_id, id, 'nobody', now() + interval '1 hour' FROM document_versions`.execute(db),
    isRepairable: true,
  },
  {
    name: 'incomplete_files',
    damage: db => sql`UPDATE file_parts SET content = substr(content, 2)`.execute(db),
    isRepairable: false,
  },
  {
    name: 'incomplete_texts',
    damage: db => sql`DELETE FROM document_texts WHERE start_offset > 0`.execute(db),
    isRepairable: true,
  },
  {
    name: 'incomplete_passages',
    damage: db => sql`DELETE FROM passages WHERE ordinal = 1`.execute(db),
    isRepairable: true,
  },
  {
    name: 'unindexed_words',
    damage: db => sql`DELETE FROM lexical_runs`.execute(db),
    isRepairable: true,
  },
  {
    name: 'leftover_runs',
    damage: db => sql`DELETE FROM lexical_documents`.execute(db),
    isRepairable: true,
  },
  {
    // Merged, with the runs lost that say which postings are its own: one repair must leave none behind.
    name: 'unindexed_words',
    async damage(db) {
      for (const { workspace_id, first_passage_id } of await db
        .selectFrom('lexical_documents')
        .select(['workspace_id', 'first_passage_id'])
        .execute()) {
        const offsets = Uint16Array.of(offsetInPage(first_passage_id));
        const data = encodePostings({ offsets, frequencies: Uint8Array.of(1) });
        await writeBlocks(db, workspace_id, [{ term: 7, page: pageOf(first_passage_id), data }]);
      }
      await sql`UPDATE lexical_documents SET state = 'merged', merge_number = 1`.execute(db);
      await sql`DELETE FROM lexical_runs`.execute(db);
    },
    isRepairable: true,
  },
  {
    name: 'incomplete_postings',
    damage: db => sql`UPDATE lexical_documents SET state = 'merged', merge_number = 1`.execute(db),
    isRepairable: true,
  },
  {
    name: 'leftover_postings',
    damage: db =>
      sql`INSERT INTO lexical_blocks (workspace_id, term, page, data)
        SELECT id, 7, 7, '\\x010009000101'::bytea FROM workspaces`.execute(db),
    isRepairable: true,
  },
  {
    name: 'missing_embeddings',
    damage: db => sql`DELETE FROM passage_embeddings`.execute(db),
    isRepairable: true,
  },
  {
    name: 'outdated_embeddings',
    damage: async db => {
      await sql`INSERT INTO embedding_models (name, dimensions) VALUES ('older', 2)`.execute(db);
      await sql`INSERT INTO passage_embeddings (workspace_id, passage_id, model_id, version_id, embedding)
        SELECT workspace_id, passage_id, (SELECT id FROM embedding_models WHERE name = 'older'), version_id, '[1,0]'
        FROM passage_embeddings`.execute(db);
    },
    isRepairable: true,
  },
];

onEachDatabase('the doctor', (createApp, { kind }) => {
  let app: TestApp;
  let id: number;
  before(async () => {
    app = await createApp();
    id = await upload(app, lighthouse, 'lighthouse.txt');
  });

  const examine = async (repair: boolean) =>
    doctorReport.parse(await expectJson(await postJson(app, '/api/doctor/', { repair }), 200));
  const problems = (report: Awaited<ReturnType<typeof examine>>) =>
    report.checks.filter(check => check.found > 0).map(check => check.name);
  const damageWith = async (damage: (db: Db) => Promise<unknown>) => {
    await app.inspect(damage);
    await app.restart();
  };

  test('finds nothing in a database that is in order', async () => {
    const report = await examine(false);
    assert.deepEqual([report.healthy, problems(report)], [true, []]);
    assert.equal(report.checks.length, 19);
  });

  // Every start sweeps lost uploads; the embedded database's also frees all leases, and the jobs are done.
  const isMendedByStart = (name: CheckName) =>
    name === 'abandoned_uploads' || (name === 'jobs_without_work' && kind === 'embedded');

  for (const { name, damage, isRepairable } of damages)
    test(`finds ${name}${isRepairable ? ' and mends it, and the document is found again' : ''}`, async () => {
      await damageWith(damage);
      const before = await examine(false);
      if (!isMendedByStart(name)) {
        assert.ok(problems(before).includes(name), JSON.stringify(problems(before)));
        assert.equal(before.healthy, false);
      }
      const repaired = await examine(true);
      assert.equal(repaired.healthy, isRepairable, JSON.stringify(problems(repaired)));
      if (!isRepairable) {
        // As the doctor says: the same file again makes it whole.
        const response = await putFile(app, id, lighthouse, { name: 'lighthouse.txt' });
        assert.equal(response.status, 200);
        const file = await app.fetch(`/api/document/${id}/file/`);
        assert.equal(await file.text(), lighthouse);
      }
      await waitUntilReady(app, id);
      assert.deepEqual(problems(await examine(false)), []);
      const answer = await postJson(app, '/api/search/', { query: 'When was the lighthouse built?' });
      const { results } = searchAnswer.parse(await expectJson(answer, 200));
      assert.match(results[0]?.text ?? '', /1874/);
      assert.equal((await readDocument(app, id)).text_length, lighthouse.length);
    });

  test('reading again removes runs also when the index has lost their document', async () => {
    const left = await app.inspect(async db => {
      await sql`DELETE FROM lexical_documents`.execute(db);
      for (const { workspace_id: workspaceId, id: versionId } of await db
        .selectFrom('document_versions')
        .select(['workspace_id', 'id'])
        .execute())
        while (await removePlanBatch(db, { workspaceId, versionId }));
      return db.selectFrom('lexical_runs').select('version_id').execute();
    });
    assert.deepEqual(left, []);
    await app.restart();
    assert.equal((await examine(true)).healthy, true);
    await waitUntilReady(app, id);
    assert.deepEqual(problems(await examine(false)), []);
  });

  test('a file of which nothing is left is an error that says so, until it comes again', async () => {
    await damageWith(db => sql`DELETE FROM file_parts`.execute(db));
    await expectError(await app.fetch(`/api/document/${id}/file/`), 422, 'document_broken');
    assert.deepEqual(problems(await examine(true)), ['incomplete_files']);
    await putFile(app, id, lighthouse, { name: 'lighthouse.txt' });
    assert.deepEqual(problems(await examine(false)), []);
  });

  test('documents that another model has embedded are named in the log at the start', async () => {
    await damageWith(db =>
      sql`UPDATE embedding_models SET name = 'another' WHERE name <> 'older'`.execute(db),
    );
    assert.ok(app.log.text.includes('embedded by another model'));
    assert.ok(problems(await examine(false)).includes('missing_embeddings'));
    await examine(true);
    await waitUntilReady(app, id);
    assert.deepEqual(problems(await examine(false)), ['outdated_embeddings']);
    assert.equal((await examine(true)).healthy, true);
  });
});
