import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { Db } from '../../server/database/open-database.ts';
import { fillAccounts } from '../accounts/fill-accounts.ts';
import { ask, createSession, postFile, postJson, upload } from '../api-client.ts';
import { countContent, countRows } from '../count-rows.ts';
import type { TestApp } from '../create-test-app.ts';
import { eventOf } from '../event-stream.ts';
import { onEachDatabase } from '../on-each-database.ts';

onEachDatabase('deleting', createApp => {
  const fill = async (app: TestApp) => {
    const id = await upload(app, 'A document that will go.');
    const events = await ask(app, await createSession(app), 'What will go?');
    const { message_id } = eventOf(events, 'done');
    const rated = await postJson(app, `/api/message/${message_id}/feedback/`, { rating: 'up' });
    assert.equal(rated.status, 200, await rated.text());
    const passages = [{ document_id: id, start: 0, end: 10 }];
    const stored = await postJson(app, '/api/evaluation/case/', { question: 'What will go?', passages });
    assert.equal(stored.status, 201, await stored.text());
    const long = Array.from({ length: 3_000 }, (_, line) => `Line ${line} of a long one. `).join('');
    await postFile(app, long, { headers: { prefer: 'respond-async' } });
  };

  /** Words' blocks, which are written when more documents have come together than it takes here. */
  const fillBlocks = (db: Db) =>
    sql`INSERT INTO lexical_blocks (workspace_id, term, page, data)
      SELECT id, 7, 7, '\\x010009000101'::bytea FROM workspaces`.execute(db);

  /** Pieces of answers that were running a moment ago. */
  const fillStreams = (db: Db) =>
    sql`INSERT INTO stream_events (workspace_id, message_id, sequence, first_sequence, content)
      SELECT workspace_id, id, 4, 0, 'What' FROM messages WHERE role = 'assistant'`.execute(db);

  /** What a language model took: for answers, which it outlives, and for sessions beside them. */
  const fillUsage = async (db: Db) => {
    await sql`INSERT INTO token_usage (workspace_id, day, model)
      SELECT id, now(), 'a model' FROM workspaces`.execute(db);
    await sql`INSERT INTO session_calls
        (workspace_id, session_id, purpose, model, calls, estimated_calls, prompt_tokens, completion_tokens)
      SELECT workspace_id, id, 'title', 'a model', 1, 0, 9, 3 FROM sessions`.execute(db);
  };

  test('every table is filled by what the test does, so that the rest of it means something', async () => {
    const app = await createApp();
    await fill(app);
    await app.inspect(async db => {
      for (const fillMore of [fillBlocks, fillStreams, fillUsage]) await fillMore(db);
      const { id } = await db.selectFrom('workspaces').select('id').executeTakeFirstOrThrow();
      await fillAccounts(db, id);
    });
    const counts = await app.inspect(countRows);
    assert.deepEqual(
      // What is limited belongs to no workspace, and this machine's own requests are not.
      Object.keys(counts).filter(name => counts[name] === 0 && name !== 'limit_spending'),
      [],
    );
  });

  for (const [parents, own] of [
    [['documents', 'sessions', 'evaluation_cases'], true],
    [['workspaces'], false],
  ] as const)
    test(`${parents.join(' and ')} leave no row in any table`, async () => {
      const app = await createApp();
      await fill(app);
      const left = await app.inspect(async db => {
        await fillStreams(db);
        await fillUsage(db);
        // A document's postings go with its runs, not by cascade: tests/api/lexical-index.test.ts.
        if (!own) await fillBlocks(db);
        for (const parent of parents) await sql`DELETE FROM ${sql.table(parent)}`.execute(db);
        return own ? countContent(db) : countOfWorkspaces(db);
      });
      assert.deepEqual(left, {});
    });

  test('every table of a workspace has workspace_id first in its keys, and cascades', async () => {
    const app = await createApp({ env: { SKIP_MODEL_LOADING: 'true' } });
    const wrong = await app.inspect(findWrongConstraints);
    assert.deepEqual(wrong, []);
  });
});

/** What is left when all workspaces are gone: only what is not theirs. */
async function countOfWorkspaces(db: Db): Promise<Record<string, number>> {
  const counts = await countRows(db);
  const others = ['schema_migrations', 'embedding_models', 'limit_spending'];
  return Object.fromEntries(
    Object.entries(counts).filter(([name, count]) => count > 0 && !others.includes(name)),
  );
}

/** Of the server: accounts are found before a workspace is. */
const serverTables = [
  'workspaces',
  'embedding_models',
  'schema_migrations',
  'limit_spending',
  'account_links',
  'audit_log',
  'setting_changes',
  'settings',
  'sign_in_attempts',
  'sign_ins',
  'two_factors',
  'user_credentials',
  'users',
  'verifications',
];
/** Secrets are looked for in all workspaces; users belong to none. */
const serverConstraints = [
  'api_keys_created_by_fkey',
  'api_keys_secret_sha256_key',
  'chat_access_user_id_fkey',
  'invites_created_by_fkey',
  'invites_token_sha256_key',
  'memberships_user_id_fkey',
  'sessions_user_id_fkey',
];

async function findWrongConstraints(db: Db): Promise<string[]> {
  const { rows } = await sql<{ constraint: string }>`
    SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS constraint
    FROM pg_constraint AS one
    WHERE connamespace = 'public'::regnamespace
      AND conrelid::regclass::text <> ALL (${serverTables}) AND conname::text <> ALL (${serverConstraints})
      AND (contype IN ('p', 'u', 'f') AND confrelid::regclass::text IS DISTINCT FROM 'embedding_models')
      AND ((SELECT attname FROM pg_attribute WHERE attrelid = conrelid AND attnum = conkey[1]) <> 'workspace_id'
        OR contype = 'f' AND confdeltype <> 'c')`.execute(db);
  return rows.map(({ constraint }) => constraint);
}
