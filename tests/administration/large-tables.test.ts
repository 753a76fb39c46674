import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { readChats } from '../../server/administration/chats/chat-tables.ts';
import { matchingKeys, readKeys } from '../../server/administration/tables/api-keys.ts';
import { readAuditEntries } from '../../server/administration/tables/audit-entries.ts';
import { matchingDocuments, readDocumentTable } from '../../server/administration/tables/documents.ts';
import { matchingJobs, readJobs } from '../../server/administration/tables/jobs.ts';
import type { PageRequest, TablePage } from '../../server/administration/tables/keyset-page.ts';
import { type Matching, nextMatching } from '../../server/administration/tables/matching.ts';
import { readSettingHistory } from '../../server/administration/tables/setting-history.ts';
import { matchingUsers, readMembers, readUsers } from '../../server/administration/tables/users.ts';
import { readWorkspaces } from '../../server/administration/tables/workspaces.ts';
import { forWorkspace } from '../../server/database/isolation/for-workspace.ts';
import { type Db, type OpenDatabase, openDatabase } from '../../server/database/open-database.ts';
import { CapturedLog } from '../captured-log.ts';
import { createTestStorage } from '../create-test-app.ts';
import { mostRowsRead, rowsReadWithin } from './explain-rows.ts';

const serverUrl = process.env.TEST_DATABASE_URL;
const ROWS = 100_000;
const LIMIT = 50;
/** A page and what belongs to its rows; a hundredth of what there is. */
const MOST_READ = 1_000;
const workspaceId = 1;

/** 100,000 rows in each table. What is rare is in one of 5,000. */
const fillings = [
  // It has all the documents, which are counted where it stands: on no page that is looked at.
  sql`UPDATE workspaces SET name = 'Team number 50000'`,
  sql`INSERT INTO workspaces (name) SELECT 'Team number ' || n FROM generate_series(2, ${ROWS}::int) n`,
  sql`INSERT INTO users (email, name, is_admin, disabled_at)
    SELECT 'person' || n || '@example.com', 'Person ' || (n * 7919 % ${ROWS}), n % 5000 = 1,
      CASE WHEN n % 5000 = 2 THEN now() END FROM generate_series(1, ${ROWS}::int) n`,
  sql`INSERT INTO memberships (workspace_id, user_id, role) SELECT 1, id, 'reader' FROM users`,
  sql`INSERT INTO documents (workspace_id, id, created_at)
    SELECT 1, n, '2026-01-01'::timestamptz + n * interval '1 minute' FROM generate_series(1, ${2 * ROWS}::int) n`,
  sql`INSERT INTO stored_files (workspace_id, id, document_id) SELECT 1, id, id FROM documents`,
  sql`INSERT INTO document_versions
      (workspace_id, id, document_id, role, file_id, filename, media_type, byte_size, sha256, state, passage_count)
    SELECT 1, n, n, 'current', n, 'report' || (n * 7919 % ${2 * ROWS}) || '.txt', 'text/plain', n * 31 % 99991, n::text,
      CASE WHEN n % 2 = 0 THEN 'queued' WHEN n % 5000 = 1 THEN 'failed' ELSE 'ready' END, n % 1000
    FROM generate_series(1, ${2 * ROWS}::int) n`,
  // And a few in each of many others, as there are on a server with so many.
  sql`INSERT INTO memberships (workspace_id, user_id, role) SELECT id, id, 'owner' FROM workspaces
    WHERE id BETWEEN 2 AND 20000`,
  sql`INSERT INTO sessions (workspace_id) SELECT id FROM workspaces WHERE id BETWEEN 2 AND 20000`,
  sql`INSERT INTO documents (workspace_id, id) SELECT id, 1000000 + id FROM workspaces WHERE id BETWEEN 2 AND 20000`,
  sql`INSERT INTO stored_files (workspace_id, id, document_id) SELECT workspace_id, id, id FROM documents
    WHERE workspace_id > 1`,
  sql`INSERT INTO document_versions
      (workspace_id, id, document_id, role, file_id, filename, media_type, byte_size, sha256, state)
    SELECT workspace_id, id, id, 'current', id, 'own' || id || '.txt', 'text/plain', 1, id::text, 'ready'
    FROM documents WHERE workspace_id > 1`,
  sql`INSERT INTO ingestion_jobs (workspace_id, version_id, lease_owner, lease_until)
    SELECT 1, n, CASE WHEN n % 50000 = 0 THEN 'somebody' END,
      CASE WHEN n % 50000 = 0 THEN now() + interval '1 hour' END
    FROM generate_series(2, ${2 * ROWS}::int, 2) n`,
  // One workspace's between those of others, as time brings them.
  sql`INSERT INTO api_keys (workspace_id, name, prefix, secret_sha256, scopes, revoked_at, created_by)
    SELECT * FROM (
      SELECT 1, 'Key of machine' || n, 'lectern_' || n, n::text, '{read}'::text[], CASE WHEN n % 5000 = 1 THEN now() END,
        CASE WHEN n % 5000 = 2 THEN (SELECT id FROM users WHERE name = 'Person 4711') END
      FROM generate_series(1, ${ROWS}::int) n
      UNION ALL SELECT id, 'Own key', 'own', 'own' || id, '{read}', NULL, NULL FROM workspaces WHERE id BETWEEN 2 AND 20000
    ) AS keys ORDER BY random()`,
  sql`INSERT INTO audit_log (workspace_id, at, actor, user_id, key_id, action)
    SELECT CASE WHEN n % 2 = 0 THEN 1 END, '2026-01-01'::timestamptz + n * interval '1 minute', 'user', n % 5000,
      CASE n % 5000 WHEN 0 THEN (SELECT id FROM api_keys WHERE name = 'Key of machine4711') WHEN 1 THEN 7 END,
      CASE WHEN n % 5000 < 2 THEN 'key-revoked' ELSE 'sign-in-succeeded' END
    FROM generate_series(1, ${ROWS}::int) n`,
  sql`INSERT INTO audit_log (workspace_id, at, actor, action) SELECT id, '2026-01-05', 'local', 'key-created'
    FROM workspaces WHERE name = 'Team number 4711'`,
  sql`INSERT INTO ingestion_jobs (workspace_id, version_id) SELECT workspace_id, v.id FROM document_versions v
    JOIN workspaces w ON w.id = v.workspace_id WHERE w.name = 'Team number 4711'`,
  sql`INSERT INTO setting_changes (name, new_value, actor, user_id)
    SELECT CASE WHEN n % 5000 = 1 THEN 'MIN_SIMILARITY' ELSE 'TOP_K' END, '5', 'local',
      CASE WHEN n % 5000 = 2 THEN (SELECT id FROM users WHERE name = 'Person 4711') END
    FROM generate_series(1, ${ROWS}::int) n`,
  sql`INSERT INTO sessions (workspace_id, title, updated_at)
    SELECT 1, 'Chat ' || n, '2026-01-01'::timestamptz + (n * 7919 % ${ROWS}) * interval '1 minute'
    FROM generate_series(1, ${ROWS}::int) n`,
];

describe('tables of the administration with 100,000 rows each', {
  skip: serverUrl ? false : 'TEST_DATABASE_URL is not set',
}, () => {
  let storage: Awaited<ReturnType<typeof createTestStorage>>;
  let database: OpenDatabase;
  let db: Db;
  let own: Db;
  before(async () => {
    storage = await createTestStorage(serverUrl);
    const { dataDir, databaseUrl } = storage;
    const { logger } = new CapturedLog();
    database = await openDatabase({ dataDir, databaseUrl, logger, onLost: assert.fail });
    db = database.backgroundDb;
    for (const filling of fillings) await filling.execute(db);
    await sql`VACUUM ANALYZE`.execute(db);
    own = forWorkspace(db, workspaceId);
  });
  after(async () => {
    await database?.close();
    await storage?.remove();
  });

  type Read = (page: PageRequest & Record<string, never>) => Promise<TablePage<{ id: number }>>;
  type Case = {
    read: Read;
    /** Of a workspace, under row-level security; else of the server. */
    isOwn?: boolean;
    sorts?: string[];
    filters: Record<string, unknown>[];
  };

  const cases: Record<string, Case> = {
    users: {
      read: page => readUsers(db, page),
      sorts: ['created_at', 'email', 'name'],
      filters: [{ state: 'disabled' }, { is_admin: true }, { q: 'person4711' }, { workspace: '4711' }],
    },
    members: { read: page => readMembers(db, workspaceId, page), filters: [] },
    workspaces: {
      read: page => readWorkspaces(db, page),
      sorts: ['created_at', 'name'],
      filters: [{ q: '4711 team' }],
    },
    documents: {
      read: page => readDocumentTable(own, workspaceId, page),
      isOwn: true,
      sorts: ['created_at', 'filename', 'byte_size', 'passages'],
      filters: [
        { state: 'failed' },
        { q: 'report4711' },
        { from: '2026-03-01', to: '2026-03-02' },
        { state: 'failed', q: 'report7919' },
      ],
    },
    jobs: {
      read: page => readJobs(own, workspaceId, page),
      isOwn: true,
      filters: [
        { state: 'running' },
        { state: 'failed' },
        { state: 'waiting' },
        { q: 'report4711' },
        { state: 'failed', q: 'report7919' },
      ],
    },
    'jobs of the server': {
      read: page => readJobs(db, undefined, page),
      filters: [{ state: 'running' }, { state: 'failed' }, { state: 'waiting' }, { workspace: '4711' }],
    },
    keys: {
      read: page => readKeys({ db: own, wholeDb: db }, workspaceId, page),
      isOwn: true,
      sorts: ['created_at', 'name'],
      filters: [{ state: 'revoked' }, { q: 'machine4711' }, { maker: 'person 4711' }],
    },
    'keys of the server': {
      read: page => readKeys({ db, wholeDb: db }, undefined, page),
      sorts: ['created_at', 'name'],
      filters: [{ q: 'lectern 4711' }, { maker: '4711' }, { workspace: '4711' }],
    },
    'audit log': {
      read: page => readAuditEntries({ db: own, wholeDb: db }, workspaceId, page),
      isOwn: true,
      filters: [
        { action: 'key-revoked' },
        { user_id: 4712 },
        { user: 'person4712' },
        { key: 'machine4711' },
        { from: '2026-02-01', to: '2026-02-02' },
      ],
    },
    'audit log of the server': {
      read: page => readAuditEntries({ db, wholeDb: db }, undefined, page),
      filters: [
        { action: 'key-revoked' },
        { user_id: 4712 },
        { key_id: 7 },
        { user: 'person4712@example.com' },
        { user: 'person4712' },
        { key: 'lectern_4711' },
        { workspace: '4711' },
        { workspace: '50000' },
        { from: '2026-02-01', to: '2026-02-02' },
      ],
    },
    'history of settings': {
      read: page => readSettingHistory(db, page),
      filters: [{ name: 'MIN_SIMILARITY' }, { user: '4711 person' }],
    },
    chats: {
      read: page => readChats(own, workspaceId, page),
      isOwn: true,
      sorts: ['updated_at', 'created_at'],
      filters: [],
    },
  };

  test('a word that too many have is no filter', async () => {
    const page = { sort: 'id', order: 'desc' as const, limit: LIMIT, cursor: undefined, user: 'example' };
    await assert.rejects(readAuditEntries({ db, wholeDb: db }, undefined, page), /Write more of it/);
  });

  for (const [name, word] of Object.entries({
    documents_with_words: 'report4711',
    versions_with_words: 'report4711',
    api_keys_with_words: 'machine4711',
  }))
    test(`${name}() searches by its indexes`, async () => {
      const rows = await rowsReadWithin(db, name, workspaceId, `${word}:*`);
      assert.ok(rows > 0 && rows <= MOST_READ, `${rows} rows`);
    });

  /** With all rows but a few: each part must cost what it has, wherever it begins. */
  const actions: Record<string, { matching: () => Matching | Promise<Matching>; isOwn?: boolean }> = {
    'users to be disabled': {
      matching: () => matchingUsers(db, { state: 'active' }, { action: 'disable', by: 1 }),
    },
    'documents to be deleted': {
      matching: () => matchingDocuments(workspaceId, {}, 'delete'),
      isOwn: true,
    },
    'jobs to be cancelled': {
      matching: () => matchingJobs(own, workspaceId, { filter: {}, action: 'cancel' }),
      isOwn: true,
    },
    'jobs of any state': { matching: () => matchingJobs(db, undefined, { filter: {}, action: undefined }) },
    'keys to be revoked': {
      matching: () =>
        matchingKeys({ db: own, wholeDb: db }, workspaceId, {}, { action: 'revoke', by: undefined }),
      isOwn: true,
    },
    'keys of the server to be revoked': {
      matching: () => matchingKeys({ db, wholeDb: db }, undefined, {}, { action: 'revoke', by: undefined }),
    },
  };
  for (const [name, { matching, isOwn }] of Object.entries(actions))
    test(`the next of the ${name} are read alone`, async () => {
      for (const after of [0, ROWS / 2]) {
        let found: number[] = [];
        const { rows, plan } = await mostRowsRead(db, isOwn ? workspaceId : undefined, async () => {
          found = await nextMatching(isOwn ? own : db, await matching(), { after, lastId: 2 * ROWS });
        });
        assert.equal(found.length, 200);
        assert.ok(rows >= 0 && rows <= 2 * MOST_READ, `after ${after} ${rows} rows are read:\n${plan}`);
      }
    });

  for (const [name, { read, isOwn, sorts = ['id'], filters }] of Object.entries(cases)) {
    const check = async (what: string, page: object, isEmpty = false) => {
      let found: TablePage<{ id: number }> | undefined;
      const { rows, plan } = await mostRowsRead(db, isOwn ? workspaceId : undefined, async () => {
        found = await read({
          order: 'desc',
          limit: LIMIT,
          cursor: undefined,
          ...page,
        } as Parameters<Read>[0]);
      });
      assert.ok(rows >= 0, 'nothing was read');
      assert.ok(rows <= MOST_READ, `${what} reads ${rows} rows:\n${plan}`);
      assert.ok(found && (isEmpty || found.items.length > 0), `${what} finds nothing`);
      return found;
    };

    test(`${name}: every order and every page reads little more than it shows`, async () => {
      for (const sort of sorts)
        for (const order of ['asc', 'desc']) {
          // With all that they hold, the first workspace's rows are counted.
          if (name === 'workspaces' && sort === 'created_at' && order === 'asc') continue;
          const first = await check(`${sort} ${order}`, { sort, order });
          assert.equal(first.items.length, LIMIT);
          const second = await check(`${sort} ${order}, next page`, {
            sort,
            order,
            cursor: first.next_cursor,
          });
          const ids = [...first.items, ...second.items].map(({ id }) => id);
          assert.equal(new Set(ids).size, 2 * LIMIT);
        }
    });

    for (const filter of filters)
      test(`${name}: what is rare is found by ${Object.keys(filter).join(' and ')} without reading the rest`, async () => {
        await check(JSON.stringify(filter), { sort: sorts[0], ...filter });
      });
  }
});
