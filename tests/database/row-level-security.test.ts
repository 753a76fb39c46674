import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { type QueryResult, sql } from 'kysely';
import { forWorkspace, trustConditions } from '../../server/database/isolation/for-workspace.ts';
import type { Db } from '../../server/database/open-database.ts';
import { checkConsistency } from '../../server/documents/consistency/check-consistency.ts';
import { findDocument, listDocuments } from '../../server/documents/document-store.ts';
import { readIndexState } from '../../server/retrieval/lexical/directory-cache.ts';
import { readPassageDetails } from '../../server/retrieval/passage-details.ts';
import { createVectorSearcher } from '../../server/retrieval/vector/nearest-passages.ts';
import { listSessions } from '../../server/sessions/searching/list-sessions.ts';
import { fillAccounts } from '../accounts/fill-accounts.ts';
import { ask, createSession, postJson, upload } from '../api-client.ts';
import { countRows } from '../count-rows.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { withoutConditions } from '../sent-statements.ts';

/** Has nothing but itself. */
const EMPTY = 900_000;

/** Of accounts: a workspace's statements may do nothing there. */
const closed = ['chat_access', 'invites', 'memberships', 'sign_ins'];
/** What was done, and what it is called, the owners of a workspace may read. */
const readOnly = ['audit_log', 'workspaces'];
/** Which keys there are too, but not what a secret is known again by. */
const keyColumns = [
  'created_at',
  'created_by',
  'expires_at',
  'id',
  'last_used_at',
  'name',
  'prefix',
  'revoked_at',
  'scopes',
  'workspace_id',
];

const tablesOf = async (db: Db) =>
  (await sql<{ name: string }>`SELECT name FROM workspace_tables()`.execute(db)).rows.map(({ name }) => name);

/** None also where a table refuses all changes, as a log may. */
const countAffected = (change: Promise<QueryResult<unknown>>) =>
  change.then(
    ({ numAffectedRows }) => numAffectedRows,
    () => 0n,
  );

onEachDatabase('row-level security', (createApp, { kind }) => {
  let app: TestApp;
  let full: number;
  before(async () => {
    app = await createApp();
    await upload(app, 'The canary lives in the lighthouse of Tangen.', 'canary.txt');
    const session = await createSession(app);
    const events = await ask(app, session, 'Where does the canary live?');
    const answer = events.find(event => event.type === 'start')?.message_id;
    await postJson(app, `/api/message/${answer}/feedback/`, { rating: 'up' });
    await postJson(app, '/api/evaluation/case/', { message_id: answer });
    await app.inspect(async db => {
      await sql`INSERT INTO workspaces (id, name) VALUES (${EMPTY}, 'another')`.execute(db);
      ({ id: full } = await db.selectFrom('workspaces').select('id').orderBy('id').executeTakeFirstOrThrow());
      // What the app has removed again, or not made of so little.
      await sql`INSERT INTO ingestion_jobs (workspace_id, version_id)
        SELECT workspace_id, id FROM document_versions`.execute(db);
      await sql`INSERT INTO stream_events (workspace_id, message_id, first_sequence, sequence, content)
        SELECT workspace_id, id, 0, 1, 'x' FROM messages`.execute(db);
      await sql`INSERT INTO lexical_blocks (workspace_id, term, page, data)
        VALUES (${full}, 1, 1, '\\x00')`.execute(db);
      await sql`INSERT INTO token_usage (workspace_id, day, model) VALUES (${full}, now(), 'some')`.execute(
        db,
      );
      await sql`INSERT INTO session_calls (workspace_id, session_id, purpose, model, calls, estimated_calls,
        prompt_tokens, completion_tokens) SELECT workspace_id, id, 'title', 'some', 1, 0, 1, 1 FROM sessions`.execute(
        db,
      );
      await fillAccounts(db, full);
      await sql`UPDATE messages SET search_terms = array_to_tsvector('{canari}')`.execute(db);
    });
  });

  test('every table with a workspace_id has its policy, and every other one is known to be shared', async () => {
    await app.inspect(async db => {
      const { rows } =
        await sql`SELECT name, problem FROM workspace_tables() WHERE problem IS NOT NULL`.execute(db);
      assert.deepEqual(rows, []);
      const isolated = await tablesOf(db);
      assert.ok(isolated.length >= 20);
      const { rows: columns } = await sql<{ name: string }>`
        SELECT table_name AS name FROM information_schema.columns
        WHERE table_schema = 'public' AND column_name = 'workspace_id'`.execute(db);
      for (const { name } of columns) assert.ok(isolated.includes(name), name);
      const { rows: readable } = await sql<{ name: string }>`SELECT relname AS name FROM pg_class
        WHERE relkind IN ('r', 'v', 'm', 'f', 'p') AND relnamespace = 'public'::regnamespace
          AND has_any_column_privilege('lectern_app', oid, 'SELECT')`.execute(db);
      const names = readable.map(({ name }) => name);
      assert.deepEqual(
        names.filter(name => !isolated.includes(name)),
        ['embedding_models'],
      );
      assert.deepEqual(isolated.filter(name => !names.includes(name)).sort(), closed);
    });
  });

  test('the role has the rights that workspaces need, and gives back what it had before or was given since', async () => {
    const rightsOf = async (db: Db) => {
      const { rows } = await sql<{ name: string; rights: string }>`
        SELECT relname AS name, string_agg(privilege, ', ' ORDER BY place) AS rights FROM pg_class
        CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) WITH ORDINALITY
          AS known (privilege, place)
        WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
          AND has_table_privilege('lectern_app', pg_class.oid, privilege)
        GROUP BY relname ORDER BY relname`.execute(db);
      return new Map(rows.map(({ name, rights }) => [name, rights]));
    };
    const check = async (db: Db) => {
      const rights = await rightsOf(db);
      assert.equal(rights.get('embedding_models'), 'SELECT, INSERT');
      for (const name of readOnly) assert.equal(rights.get(name), 'SELECT', name);
      const { rows: columns } = await sql<{ table: string; name: string; rights: string }>`
        SELECT relname AS table, attname AS name, string_agg(privilege, ', ') AS rights FROM pg_class
        JOIN pg_attribute ON attrelid = pg_class.oid AND attnum > 0 AND NOT attisdropped
        CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) AS known (privilege)
        WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
          AND NOT has_table_privilege('lectern_app', pg_class.oid, privilege)
          AND has_column_privilege('lectern_app', pg_class.oid, attnum, privilege)
        GROUP BY relname, attname ORDER BY attname`.execute(db);
      assert.deepEqual(
        columns,
        keyColumns.map(name => ({ table: 'api_keys', name, rights: 'SELECT' })),
      );
      for (const name of [
        ...closed,
        'api_keys',
        'users',
        'user_credentials',
        'two_factors',
        'account_links',
        'limit_spending',
      ])
        assert.equal(rights.get(name), undefined, name);
      for (const [name, given] of rights)
        if (!['embedding_models', ...readOnly].includes(name))
          assert.equal(given, 'SELECT, INSERT, UPDATE, DELETE', name);
      const { rows } = await sql<{ name: string }>`SELECT relname AS name FROM pg_sequence
        JOIN pg_class ON pg_class.oid = seqrelid AND relnamespace = 'public'::regnamespace
        WHERE has_sequence_privilege('lectern_app', seqrelid, 'USAGE, SELECT, UPDATE')`.execute(db);
      const forbidden =
        /^(user|api_key|audit_log|invite|sign_in|workspace|account_link|verification|two_factor)/;
      assert.deepEqual(
        rows.filter(({ name }) => forbidden.test(name)),
        [],
      );
      assert.ok(rows.length >= 8);
    };
    await app.inspect(async db => {
      await check(db);
      await sql`GRANT SELECT, UPDATE ON api_keys, sign_ins TO lectern_app`.execute(db);
      await sql`GRANT UPDATE ON workspaces TO lectern_app`.execute(db);
      await sql`GRANT USAGE ON SEQUENCE api_key_ids TO lectern_app`.execute(db);
    });
    // At the next start.
    await app.inspect(check);
    // Of columns alone.
    await app.inspect(async db => {
      await sql`GRANT SELECT (secret_sha256), UPDATE (revoked_at) ON api_keys TO lectern_app`.execute(db);
      await sql`REVOKE SELECT (name) ON api_keys FROM lectern_app`.execute(db);
    });
    await app.inspect(check);
    await app.inspect(async db => {
      const { rows } = await sql`SELECT name, prefix FROM api_keys`.execute(forWorkspace(db, full));
      assert.ok(rows.length > 0);
      for (const columns of ['secret_sha256', '*'])
        await assert.rejects(
          sql`SELECT ${sql.raw(columns)} FROM api_keys`.execute(forWorkspace(db, full)),
          { code: '42501' },
          columns,
        );
    });
  });

  test('the role can neither sign in nor bypass a policy, and owns nothing', async () => {
    const { rows } = await app.inspect(db =>
      sql`SELECT rolsuper, rolbypassrls, rolcanlogin, rolcreaterole,
        (SELECT count(*)::int FROM pg_class WHERE relowner = pg_roles.oid) AS owned
        FROM pg_roles WHERE rolname = 'lectern_app'`.execute(db),
    );
    assert.deepEqual(rows, [
      { rolsuper: false, rolbypassrls: false, rolcanlogin: false, rolcreaterole: false, owned: 0 },
    ]);
  });

  test('without any condition a workspace reads its own rows only, of every table', async () => {
    await app.inspect(async db => {
      const all = await countRows(db);
      const tables = await tablesOf(db);
      const filled = tables.filter(name => (all[name] ?? 0) > 0);
      assert.ok(filled.length >= 24, `only ${filled} have rows that could be shown`);
      for (const name of closed)
        await assert.rejects(sql`SELECT FROM ${sql.table(name)}`.execute(forWorkspace(db, full)), {
          code: '42501',
        });
      for (const name of tables.filter(one => !closed.includes(one))) {
        const count = async (one: Db) =>
          (await sql<{ count: number }>`SELECT count(*)::int AS count FROM ${sql.table(name)}`.execute(one))
            .rows[0]?.count;
        const own = name === 'workspaces' ? 1 : 0;
        assert.equal(await count(forWorkspace(db, EMPTY)), own, name);
        assert.equal(await count(forWorkspace(db, full)), (all[name] ?? 0) - own, name);
        assert.equal(await forWorkspace(db, EMPTY).transaction().execute(count), own, name);
      }
      assert.deepEqual(await countRows(db), all);
    });
  });

  test('nor does it change, delete or write another’s, of any table', async () => {
    await app.inspect(async db => {
      const own = forWorkspace(db, EMPTY);
      const before = await countRows(db);
      for (const name of await tablesOf(db)) {
        if (name === 'workspaces') continue;
        const table = sql.table(name);
        const changed = await countAffected(
          sql`UPDATE ${table} SET workspace_id = workspace_id`.execute(own),
        );
        const deleted = await countAffected(sql`DELETE FROM ${table}`.execute(own));
        assert.deepEqual([changed, deleted], [0n, 0n], name);
      }
      assert.deepEqual(await countRows(db), before);
      const refused = { code: '42501' };
      await assert.rejects(sql`INSERT INTO sessions (workspace_id) VALUES (${full})`.execute(own), refused);
      await assert.rejects(sql`UPDATE workspaces SET id = id + 1`.execute(own), refused);
      await assert.rejects(sql`INSERT INTO workspaces (name) VALUES ('mine')`.execute(own), refused);
      await assert.rejects(sql`SELECT * FROM schema_migrations`.execute(own), refused);
      await assert.rejects(sql`ALTER TABLE sessions DISABLE ROW LEVEL SECURITY`.execute(own), refused);
      await sql`INSERT INTO sessions (workspace_id) VALUES (${EMPTY})`.execute(own);
      await assert.rejects(sql`UPDATE sessions SET workspace_id = ${full}`.execute(own), refused);
      await sql`DELETE FROM sessions`.execute(own);
      assert.deepEqual(await countRows(db), before);
    });
  });

  test('queries that have lost their condition find nothing of another workspace', async () => {
    await app.inspect(async db => {
      const { rows } = await sql<{ id: number }>`SELECT id FROM passages`.execute(db);
      const passageIds = rows.map(({ id }) => id);
      const document = await db.selectFrom('documents').select('id').executeTakeFirstOrThrow();
      const { model_id: modelId, passage_id } = await db
        .selectFrom('passage_embeddings')
        .select(['model_id', 'passage_id'])
        .executeTakeFirstOrThrow();
      const vector = new Float32Array(384).fill(1 / Math.sqrt(384));
      const query = { workspaceId: EMPTY, modelId, vector, limit: 9, alsoPassageIds: [passage_id] };
      const page = { limit: 50, cursor: undefined };
      const nobody = { workspaceId: EMPTY, userId: null };
      const queries: Record<string, (db: Db) => Promise<unknown[]>> = {
        'by sessions': async one => (await listSessions(one, nobody, { ...page, query: undefined })).sessions,
        'by words of sessions': async one =>
          (await listSessions(one, nobody, { ...page, query: 'canaries' })).sessions,
        'by ids of passages': one => readPassageDetails(one, EMPTY, passageIds),
        'by documents': one => listDocuments(one, EMPTY, { limit: 5 }),
        'by an id': async one => [(await findDocument(one, EMPTY, document.id)) ?? []].flat(),
        'by vectors': one =>
          createVectorSearcher({ db: one, kind }).nearest({ ...query, versionIds: undefined }),
        'by bits': one =>
          createVectorSearcher({ db: one, kind, mostExact: 0 }).nearest({ ...query, versionIds: undefined }),
      };
      for (const [how, find] of Object.entries(queries)) {
        const [found, removed] = await withoutConditions(() => find(forWorkspace(db, EMPTY)));
        assert.deepEqual(found, [], how);
        assert.ok(removed > 0, `${how}: no condition was removed`);
      }
      // The removal works: whom no policy binds sees what is another's.
      const [found] = await withoutConditions(() => readPassageDetails(db, EMPTY, passageIds));
      assert.equal(found.length, passageIds.length);
      await assert.rejects(
        withoutConditions(() => readIndexState(forWorkspace(db, EMPTY), EMPTY)),
        /has no index/,
      );
    });
  });

  test('role and workspace end with the statement, or with its transaction', async () => {
    await app.inspect(async db => {
      const read = async (one: Db) =>
        (
          await sql<{ role: string; workspace: string | null }>`SELECT current_user::text AS role,
            nullif(current_setting('lectern.workspace_id', true), '') AS workspace`.execute(one)
        ).rows[0];
      const whole = await read(db);
      assert.equal(whole?.workspace, null);
      assert.notEqual(whole?.role, 'lectern_app');
      const own = forWorkspace(db, EMPTY);
      const inOwn = { role: 'lectern_app', workspace: String(EMPTY) };
      assert.deepEqual(await read(own), inOwn);
      await own.transaction().execute(async trx => {
        assert.deepEqual(await read(trx), inOwn);
        assert.deepEqual(await read(trx), inOwn);
      });
      await assert.rejects(own.transaction().execute(trx => sql`SELECT 1 / 0`.execute(trx)));
      await assert.rejects(sql`SELECT 1 / 0`.execute(own));
      // The pool has several connections on a native server: all of them.
      const looks = await Promise.all(Array.from({ length: 30 }, (_, at) => read(at % 3 === 0 ? db : own)));
      for (const [at, look] of looks.entries()) assert.deepEqual(look, at % 3 === 0 ? whole : inOwn);
    });
  });

  test('what is prepared is planned for its workspace’s role, and goes on after a failure', async () => {
    await app.inspect(async db => {
      const count = async (one: Db, divisor: number) =>
        (
          await sql<{ count: number }>`/* prepared: test-isolation */
            SELECT count(*)::int / ${divisor}::int AS count FROM documents`.execute(one)
        ).rows[0]?.count;
      for (const round of [1, 2, 3, 4, 5, 6, 7])
        for (const [one, expected] of [
          [db, 1],
          [forWorkspace(db, EMPTY), 0],
          [forWorkspace(db, full), 1],
        ] as const) {
          assert.equal(await count(one, 1), expected, `round ${round}`);
          await assert.rejects(count(one, 0), { code: '22012' });
        }
      const wrong = () => sql`/* prepared: test-wrong */ SELECT nothing`.execute(forWorkspace(db, full));
      for (const round of [1, 2, 3]) await assert.rejects(wrong(), { code: '42703' }, `round ${round}`);
    });
  });

  test('a handle leads to its own workspace only, and a transaction to none', async () => {
    await app.inspect(async db => {
      const own = forWorkspace(db, full);
      assert.equal(forWorkspace(own, full), own);
      assert.equal(forWorkspace(db, full), own);
      assert.throws(() => forWorkspace(own, EMPTY), /workspace \d+ does not lead to workspace/);
      for (const one of [db, own]) assert.throws(() => trustConditions(one), /only a snapshot/);
      await db.transaction().execute(async trx => {
        assert.throws(() => forWorkspace(trx, full), /no transaction does/);
        trustConditions(trx);
        assert.equal(forWorkspace(trx, full), trx);
      });
    });
  });

  test('a table that comes later gets its policy at the next start', async () => {
    await app.inspect(db =>
      sql`CREATE TABLE later (workspace_id bigint NOT NULL, secret text NOT NULL)`.execute(db),
    );
    await app.inspect(async db => {
      await sql`INSERT INTO later VALUES (${full}, 'canary')`.execute(db);
      const { rows } = await sql`SELECT * FROM later`.execute(forWorkspace(db, EMPTY));
      assert.deepEqual(rows, []);
      await sql`DROP TABLE later`.execute(db);
    });
  });

  test('the doctor finds a policy that is switched off, lost, changed or undone by another, and mends it', async () => {
    const damages = [
      'ALTER TABLE sessions DISABLE ROW LEVEL SECURITY',
      'DROP POLICY own_workspace ON sessions',
      'ALTER POLICY own_workspace ON sessions USING (true)',
      'CREATE POLICY other ON sessions USING (true)',
      'DROP POLICY own_chats ON sessions',
      'ALTER POLICY own_chats ON sessions USING (true)',
    ];
    await app.inspect(async db => {
      const examine = async (repair: boolean) =>
        (await checkConsistency(db, { modelName: undefined, repair })).checks.find(
          ({ name }) => name === 'unisolated_tables',
        );
      assert.equal((await examine(false))?.found, 0);
      for (const damage of damages) {
        await sql.raw(damage).execute(db);
        const report = await examine(true);
        assert.equal(report?.found, 1, damage);
        assert.match(report?.findings[0]?.detail ?? '', /^sessions: /);
        assert.equal((await examine(false))?.found, 0, damage);
        const { rows } = await sql`SELECT id FROM sessions`.execute(forWorkspace(db, EMPTY));
        assert.deepEqual(rows, [], damage);
      }
    });
  });
});
