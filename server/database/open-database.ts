import type { Kysely, Transaction } from 'kysely';
import pg from 'pg';
import type { Logger } from '../logger.ts';
import { columnTypes } from './column-types.ts';
import { announceServer, type DataFolderLock, lockDataFolder, withdrawServer } from './data-folder-lock.ts';
import { startEmbeddedAutovacuum } from './embedded/embedded-autovacuum.ts';
import { type EmbeddedDatabase, startEmbeddedDatabase } from './embedded/embedded-database.ts';
import { ForegroundFirst } from './embedded/foreground-first.ts';
import { isBehindPooler } from './find-pooler.ts';
import { allowWorkspaces, createWholeDb } from './isolation/for-workspace.ts';
import { enterWorkspaces } from './isolation/row-security.ts';
import { migrate } from './migrate.ts';
import { createLocalNotices, createSharedNotices, type Notices } from './notices.ts';
import { prepareStatements } from './prepare-statements.ts';
import type { Schema } from './schema.ts';
import { openEmbeddedSnapshot, openNativeSnapshot, type Snapshot } from './snapshots/snapshot.ts';

export type Db = Kysely<Schema>;
export type Trx = Transaction<Schema>;

export type OpenDatabase = {
  /** Sees all workspaces; `forWorkspace` leads to one. */
  db: Db;
  /**
   * The same database for work that nobody waits for: on the embedded one it gives way to `db`, on a native one its
   * statements may take as long as they like.
   */
  backgroundDb: Db;
  kind: 'embedded' | 'native';
  /** Everything as it is at one moment, to be read at leisure while others go on. */
  openSnapshot(): Promise<Snapshot>;
  /** A pooler such as PgBouncer stands before it: there are no sessions to rely on. */
  isPooled: boolean;
  /** What processes on this database tell each other. */
  notices: Notices;
  /** Of the pool: how many there are, how many nobody uses, and how many statements wait for one. */
  connections(): { total: number; idle: number; waiting: number };
  /** Tells the command line where this process listens. */
  announce(url: string): void;
  close(): Promise<void>;
};

type Options = {
  databaseUrl: string | undefined;
  dataDir: string;
  logger: Logger;
  /** For one statement of `db` to a native server; no limit when undefined. */
  databaseTimeoutSeconds?: number;
  /** The embedded database ended by itself: the process can't go on. */
  onLost: (error: Error) => void;
};

/**
 * Opens the database, embedded in the data folder or at `databaseUrl`, and brings its tables up to date.
 *
 * @throws StartError when the folder is taken, the server is away or pgvector is missing.
 */
export async function openDatabase(options: Options): Promise<OpenDatabase> {
  return options.databaseUrl ? openNative(options, options.databaseUrl) : openEmbedded(options);
}

async function openEmbedded({ dataDir, logger, onLost }: Options): Promise<OpenDatabase> {
  const lock: DataFolderLock = lockDataFolder(dataDir);
  let embedded: EmbeddedDatabase | undefined;
  try {
    embedded = await startEmbeddedDatabase(dataDir, onLost);
    return await connectEmbedded(embedded, { dataDir, lock, logger });
  } catch (error) {
    await embedded?.close();
    lock.release();
    throw error;
  }
}

async function connectEmbedded(
  embedded: EmbeddedDatabase,
  { dataDir, lock, logger }: { dataDir: string; lock: DataFolderLock; logger: Logger },
): Promise<OpenDatabase> {
  // One session is all PGlite has: a second connection would see the first one's transactions.
  const pool = createPool(
    // Never closed for being idle: what it has prepared would go with it.
    { host: embedded.socketFolder, user: 'postgres', database: 'postgres', max: 1, idleTimeoutMillis: 0 },
    logger,
  );
  const { foreground, background } = new ForegroundFirst(prepareStatements(pool));
  const db = createWholeDb(foreground);
  const backgroundDb = createWholeDb(background);
  try {
    await migrate(db, logger);
    const preamble = await enterWorkspaces(db, logger);
    allowWorkspaces(db, foreground, preamble);
    allowWorkspaces(backgroundDb, background, preamble);
    await releaseTheDead(db);
  } catch (error) {
    await db.destroy();
    throw error;
  }
  const endAutovacuum = startEmbeddedAutovacuum(backgroundDb, logger);
  return {
    db,
    backgroundDb,
    kind: 'embedded',
    connections: () => countConnections(pool),
    openSnapshot: () => openEmbeddedSnapshot(dataDir, embedded.copyTo, logger),
    isPooled: false,
    notices: createLocalNotices(),
    announce: lock.announce,
    async close() {
      await endAutovacuum();
      await db.destroy();
      await embedded.close();
      lock.release();
    },
  };
}

async function openNative(
  { dataDir, logger, databaseTimeoutSeconds }: Options,
  databaseUrl: string,
): Promise<OpenDatabase> {
  const settings = {
    connectionString: databaseUrl,
    max: 10,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    application_name: 'lectern',
  };
  const pool = createPool(settings, logger);
  // One that is not there is reported by what comes next; without an answer in time the safe way is taken.
  const isPooled = await isBehindPooler(pool).catch(() => true);
  const timeoutMs = databaseTimeoutSeconds === undefined ? undefined : 1000 * databaseTimeoutSeconds;
  // A Kysely that was never used would not end the pool that both share.
  const unended = { end: async () => {} };
  const hasty = { ...prepareStatements(pool, { isPooled, timeoutMs }), ...unended };
  const db = createWholeDb(hasty);
  // Work that may take hours waits as long as it takes.
  const patient = { ...prepareStatements(pool, { isPooled }), ...unended };
  const backgroundDb = createWholeDb(patient);
  try {
    await migrate(backgroundDb, logger);
    const preamble = await enterWorkspaces(db, logger, { isPooled });
    allowWorkspaces(db, hasty, preamble);
    allowWorkspaces(backgroundDb, patient, preamble);
  } catch (error) {
    await pool.end();
    throw error;
  }
  if (isPooled)
    logger.info(
      'A pooler stands before the database: changes by other processes are looked for once a second.',
    );
  const notices = isPooled ? createLocalNotices() : createSharedNotices(pool, databaseUrl, logger);
  return {
    db,
    backgroundDb,
    kind: 'native',
    connections: () => countConnections(pool),
    openSnapshot: () => openNativeSnapshot(databaseUrl),
    isPooled,
    notices,
    announce(url) {
      try {
        announceServer(dataDir, url);
      } catch (error) {
        // A server with all its data elsewhere needs no folder that it may write to.
        logger.warn({ err: error }, 'the command line will not find this server by itself');
      }
    },
    async close() {
      withdrawServer(dataDir);
      await notices.close();
      await Promise.all([db.destroy(), backgroundDb.destroy()]);
      await pool.end();
    },
  };
}

function createPool(settings: pg.PoolConfig, logger: Logger): pg.Pool {
  const pool = new pg.Pool({ ...settings, types: columnTypes });
  // Only the message: the error carries the whole client.
  const report = (error: Error) => logger.warn({ reason: error.message }, 'a database connection was lost');
  pool.on('error', report);
  // The pool listens to idle clients only; one lost within a transaction would end the process.
  pool.on('connect', client => client.on('error', report));
  return pool;
}

const countConnections = ({ totalCount, idleCount, waitingCount }: pg.Pool) => ({
  total: totalCount,
  idle: idleCount,
  waiting: waitingCount,
});

/** Whoever worked in this folder is dead: we hold the folder's lock. Leases and uploads ended with it. */
async function releaseTheDead(db: Db): Promise<void> {
  await db.updateTable('ingestion_jobs').set({ lease_owner: null, lease_until: null }).execute();
  await db
    .updateTable('messages')
    .set({ lease_until: new Date(0) })
    .where('state', '=', 'running')
    .execute();
  await db.deleteFrom('stored_files').where('document_id', 'is', null).execute();
}
