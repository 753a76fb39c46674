import { type Kysely, sql } from 'kysely';
import { StartError } from '../errors.ts';
import type { Schema } from './schema.ts';

const installVector =
  'Install pgvector 0.8 or newer for this PostgreSQL server (Debian and Ubuntu: apt install postgresql-NN-pgvector ' +
  'from the PostgreSQL project’s packages; containers: the image pgvector/pgvector; macOS: brew install pgvector), ' +
  'or unset DATABASE_URL to use the embedded database, which has it.';

/**
 * Makes sure that the server answers, is PostgreSQL 15 or newer and has pgvector 0.8 or newer.
 *
 * @throws StartError saying what to do.
 */
export async function checkServer(db: Kysely<Schema>): Promise<void> {
  const { version, vector_available, vector_installed } = await readVersions(db);
  if (version < 150_000)
    throw new StartError(
      `Lectern needs PostgreSQL 15 or newer; DATABASE_URL leads to ${Math.floor(version / 10_000)}.`,
    );
  if (!vector_available)
    throw new StartError(`The PostgreSQL server has no pgvector extension. ${installVector}`);
  const vector = vector_installed ?? vector_available;
  if (isOlderThan08(vector))
    throw new StartError(
      isOlderThan08(vector_available)
        ? `The PostgreSQL server has pgvector ${vector_available}. ${installVector}`
        : `This database uses pgvector ${vector}. Run ALTER EXTENSION vector UPDATE in it (the server has ${vector_available}).`,
    );
  if (!vector_installed) await createExtension(db);
}

type Versions = { version: number; vector_available: string | null; vector_installed: string | null };

async function readVersions(db: Kysely<Schema>): Promise<Versions> {
  try {
    const { rows } = await sql<Versions>`
      SELECT current_setting('server_version_num')::int AS version,
        (SELECT default_version FROM pg_available_extensions WHERE name = 'vector') AS vector_available,
        (SELECT extversion FROM pg_extension WHERE extname = 'vector') AS vector_installed`.execute(db);
    const [versions] = rows;
    if (!versions) throw new Error('the server gave no version');
    return versions;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `Lectern can't use the database: ${reason}. Check DATABASE_URL and that the server runs.`,
      {
        cause: error,
      },
    );
  }
}

async function createExtension(db: Kysely<Schema>): Promise<void> {
  try {
    await sql`CREATE EXTENSION IF NOT EXISTS vector`.execute(db);
  } catch (error) {
    const { rows } = await sql`SELECT 1 FROM pg_extension WHERE extname = 'vector'`.execute(db);
    if (rows.length > 0) return; // Another process made it at the same moment.
    throw new StartError(
      'The database user may not create the pgvector extension. Let an administrator run CREATE EXTENSION vector in this database once.',
      { cause: error },
    );
  }
}

function isOlderThan08(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major === 0 && minor < 8;
}
