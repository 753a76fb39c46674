import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import { columnTypes } from '../column-types.ts';
import { startEmbeddedDatabase } from '../embedded/embedded-database.ts';
import type { Schema } from '../schema.ts';

/** One connection to a database as it is, whatever its tables are. */
export function openSession(settings: pg.PoolConfig): Kysely<Schema> {
  const pool = new pg.Pool({ ...settings, max: 1, idleTimeoutMillis: 0, types: columnTypes });
  // A lost connection shows in the statement that runs or comes next.
  pool.on('error', () => {});
  pool.on('connect', client => client.on('error', () => {}));
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool }) });
}

export type BareDatabase = { db: Kysely<Schema>; close(): Promise<void> };

/** The native database at this address, with none of its tables looked at. */
export function openBareNative(connectionString: string): BareDatabase {
  const db = openSession({ connectionString, application_name: 'lectern restore' });
  return { db, close: () => db.destroy() };
}

/** The embedded database of a folder that nobody else uses, created when it is missing; its tables stay as they are. */
export async function openBareEmbedded(
  dataDir: string,
  onLost: (error: Error) => void,
): Promise<BareDatabase> {
  const embedded = await startEmbeddedDatabase(dataDir, onLost);
  const db = openSession({ host: embedded.socketFolder, user: 'postgres', database: 'postgres' });
  return {
    db,
    async close() {
      await db.destroy();
      await embedded.close();
    },
  };
}
