import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../database/schema.ts';
import { openBareNative } from '../../database/snapshots/open-session.ts';
import { findContent } from './find-content.ts';
import { type RestoreReport, restoreDatabase } from './restore-database.ts';
import { RestoreError } from './restore-error.ts';

type Options = Parameters<typeof restoreDatabase>[1] & { replace: boolean };

/** Restores into a native database that nobody uses. */
export async function restoreNative(
  databaseUrl: string,
  { replace, ...options }: Options,
): Promise<RestoreReport> {
  const { db, close } = openBareNative(databaseUrl);
  try {
    await refuseWhileUsed(db);
    const content = await findContent(db);
    if (content === 'tables of another program')
      throw new RestoreError(
        'The database holds tables of another program. Give Lectern a database of its own.',
      );
    if (content !== 'empty' && !replace) throw new RestoreError(describeFull(content));
    return await restoreDatabase(db, options);
  } finally {
    await close();
  }
}

export const describeFull = (content: string) =>
  `The database holds ${content} already. --replace restores in their place: they are gone then.`;

async function refuseWhileUsed(db: Kysely<Schema>): Promise<void> {
  if ((await countClients(db)) > 0)
    throw new RestoreError(
      'A Lectern is connected to the database. Stop it first: it would not notice the change.',
    );
}

/** Asked before anything else, and so what finds out that the database can't be reached. */
async function countClients(db: Kysely<Schema>): Promise<number> {
  try {
    const { rows } = await sql<{ clients: number }>`
      SELECT count(*) AS clients FROM pg_stat_activity
      WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name = 'lectern'`.execute(
      db,
    );
    return rows[0]?.clients ?? 0;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new RestoreError(
      `Lectern can't use the database: ${reason}. Check its address and that the server runs.`,
      { cause: error },
    );
  }
}
