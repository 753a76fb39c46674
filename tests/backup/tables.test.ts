import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { listTables, tablesNotCopied } from '../../server/backup/list-tables.ts';
import { dropLectern } from '../../server/backup/restoring/drop-lectern.ts';
import { findContent } from '../../server/backup/restoring/find-content.ts';
import { onEachDatabase } from '../on-each-database.ts';

/**
 * Every table is decided upon: a new one is copied by itself, and stands here once somebody has asked whether it should
 * be, and whether what it holds may stand in a file (secrets are hashed or encrypted).
 */
const copied = [
  'account_links',
  'api_keys',
  'audit_log',
  'chat_access',
  'chunks',
  'document_changes',
  'document_outlines',
  'document_texts',
  'document_versions',
  'documents',
  'embedding_models',
  'evaluation_cases',
  'file_parts',
  'index_versions',
  'ingestion_jobs',
  'invites',
  'lexical_blocks',
  'lexical_documents',
  'lexical_runs',
  'memberships',
  'message_feedback',
  'messages',
  'passage_bits',
  'passage_embeddings',
  'passages',
  'session_calls',
  'sessions',
  'setting_changes',
  'settings',
  'stored_files',
  'stream_events',
  'token_usage',
  'two_factors',
  'user_credentials',
  'users',
  'workspaces',
];

onEachDatabase('the tables of a backup', createApp => {
  const skipped = { env: { SKIP_MODEL_LOADING: 'true' } };

  test('are all tables that there are, each decided upon', async () => {
    const app = await createApp(skipped);
    const [tables, all] = await app.inspect(async db => {
      const { rows } = await sql<{ name: string }>`
        SELECT table_name AS name FROM information_schema.tables
        WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`.execute(db);
      return [await listTables(db), rows.map(({ name }) => name)] as const;
    });
    assert.deepEqual(
      tables.map(({ name }) => name),
      copied,
    );
    assert.deepEqual(all.sort(), [...copied, ...tablesNotCopied].sort());
    assert.deepEqual(
      tables.filter(({ order }) => order === '').map(({ name }) => name),
      [],
    );
  });

  test('are empty after a first start, and no longer with a session', async () => {
    const app = await createApp(skipped);
    assert.equal(await app.inspect(findContent), 'empty');
    await app.inspect(db => sql`INSERT INTO sessions (workspace_id) SELECT id FROM workspaces`.execute(db));
    assert.equal(await app.inspect(findContent), 'documents or chats');
  });

  test('are dropped without a trace, and those of others stay', async () => {
    const app = await createApp(skipped);
    const left = await app.inspect(async db => {
      await sql`CREATE TABLE others (id integer)`.execute(db);
      await db.transaction().execute(dropLectern);
      const { rows } = await sql<{ name: string }>`
        SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')
        UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
          AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_proc.oid AND deptype = 'e')`.execute(db);
      return [rows.map(({ name }) => name), await findContent(db)];
    });
    assert.deepEqual(left, [['others'], 'tables of another program']);
  });
});
