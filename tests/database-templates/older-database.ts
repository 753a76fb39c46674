import type { Transaction } from 'kysely';
import { dropLectern } from '../../server/backup/restoring/drop-lectern.ts';
import { applyMigrations } from '../../server/database/migrate.ts';
import type { Schema } from '../../server/database/schema.ts';
import { openBareEmbedded } from '../../server/database/snapshots/open-session.ts';

/**
 * Makes the embedded database of a data folder as an older Lectern has left it.
 *
 * @param version of its last migration.
 * @param use fills it, or reads it.
 */
export async function makeOlderDatabase(
  dataDir: string,
  version: number,
  use: (trx: Transaction<Schema>) => Promise<unknown> = async () => {},
): Promise<void> {
  const { db, close } = await openBareEmbedded(dataDir, error => {
    throw error;
  });
  const making = db.transaction().execute(async trx => {
    await dropLectern(trx);
    await applyMigrations(trx, version);
    await use(trx);
  });
  await making.finally(close);
}
