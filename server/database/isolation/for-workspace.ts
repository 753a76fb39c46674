import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import { LRUCache } from 'lru-cache';
import type { Db } from '../open-database.ts';
import { preparedName } from '../prepare-statements.ts';
import type { Schema } from '../schema.ts';
import {
  queryInWorkspace,
  type WorkspaceClient,
  type WorkspacePreamble,
  type WorkspaceSettings,
} from './query-in-workspace.ts';

/** Who asks, and within which workspace: chats are those of one person. */
export type Asker = {
  workspaceId: number;
  /** Null: nobody with an account, as on a server that has none. */
  userId: number | null;
};

type Whole = { pool: PostgresPool; preamble: WorkspacePreamble; limited: LRUCache<string, Db> };

/** Handles are cheap to make: these are those in use. */
const MOST_HANDLES = 2_000;

const wholes = new WeakMap<Db, Whole>();
const workspaceIds = new WeakMap<Db, number>();
const unlimited = new WeakSet<Db>();

/** A handle whose statements see all workspaces, from which `forWorkspace` makes those that see one. */
export function createWholeDb(pool: PostgresPool): Db {
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}

/** To be called once the tables are there. */
export function allowWorkspaces(db: Db, pool: PostgresPool, preamble: WorkspacePreamble): void {
  wholes.set(db, { pool, preamble, limited: new LRUCache({ max: MOST_HANDLES }) });
}

/**
 * For comparing whole databases, as backups do: what is read by way of this snapshot, or of this transaction of the whole
 * database, is limited by its conditions alone.
 *
 * @throws Error for a handle that leads to workspaces, or is one's: it serves requests.
 */
export function trustConditions(db: Db): void {
  if (wholes.has(db) || workspaceIds.has(db))
    throw new Error('only a snapshot or a transaction may be read without row-level security');
  unlimited.add(db);
}

/**
 * The database as this workspace has it: PostgreSQL shows its statements no other rows and lets them write none,
 * whatever their conditions say (docs/decisions/0032-row-level-security.md). Of a handle that is the workspace's
 * already it is the same.
 *
 * @throws Error for another workspace's handle, and within a transaction.
 */
export function forWorkspace(db: Db, workspaceId: number): Db {
  return limitTo(db, workspaceId, '');
}

/** As forWorkspace, and of chats only those of who asks; it leads to no other person. */
export function forAsker(db: Db, { workspaceId, userId }: Asker): Db {
  return limitTo(db, workspaceId, String(userId ?? 0));
}

function limitTo(db: Db, workspaceId: number, user: WorkspaceSettings['user']): Db {
  const own = workspaceIds.get(db);
  if (own === workspaceId || unlimited.has(db)) return db;
  const whole = wholes.get(db);
  if (!whole)
    throw new Error(
      own === undefined
        ? 'only a handle of openDatabase leads to a workspace, and no transaction does'
        : `the database of workspace ${own} does not lead to workspace ${workspaceId}`,
    );
  const key = `${workspaceId} ${user}`;
  let known = whole.limited.get(key);
  if (!known) {
    known = createWholeDb(limitPool(whole.pool, whole.preamble, { workspaceId, user }));
    workspaceIds.set(known, workspaceId);
    whole.limited.set(key, known);
  }
  return known;
}

/** Whoever opened the pool ends it. */
function limitPool(
  pool: PostgresPool,
  preamble: WorkspacePreamble,
  settings: WorkspaceSettings,
): PostgresPool {
  return {
    options: pool.options,
    end: async () => {},
    async connect() {
      const client = await pool.connect();
      const query = workspaceStatements(client, preamble, settings);
      // The pool's own client stays as it is.
      return Object.create(client, {
        query: { value: query },
        release: { value: client.release.bind(client) },
      });
    },
  };
}

function workspaceStatements(
  client: PostgresPoolClient,
  preamble: WorkspacePreamble,
  settings: WorkspaceSettings,
) {
  /** The settings of a transaction hold until its end. */
  let isSet = false;
  let inTransaction = false;
  return async (text: string, values: readonly unknown[] = []) => {
    const isBeginning = /^\s*(?:begin|start transaction)\b/i.test(text);
    const isEnding = /^\s*(?:commit|rollback(?!\s+to\b))\b/i.test(text);
    if (isBeginning || isEnding) {
      inTransaction = isBeginning;
      isSet = false;
      return client.query(text, values);
    }
    const name = preamble.name && preparedName(text, 'workspace');
    const statement = { ...(name !== undefined && { name }), text, values: [...values] };
    const ofPool = client as PostgresPoolClient & WorkspaceClient;
    if (isSet) return ofPool.query(statement);
    isSet = inTransaction;
    return queryInWorkspace(ofPool, preamble, settings, statement);
  };
}
