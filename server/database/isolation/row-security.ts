import { sql } from 'kysely';
import { StartError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import type { Db, Trx } from '../open-database.ts';
import type { WorkspacePreamble } from './query-in-workspace.ts';

/** Without login; neither superuser nor owner of the tables, so that policies bind it. */
const WORKSPACE_ROLE = 'lectern_app';

const PREPARED_NAME = 'lectern-workspace';
const settings = `set_config('lectern.workspace_id', $1, true), set_config('lectern.user_id', $2, true)`;
const enforced = `SELECT set_config('role', '${WORKSPACE_ROLE}', true), ${settings}`;
/** The settings alone, of which the search of messages reads one. */
const unenforced = `SELECT ${settings}`;

/** What makes it so, for people. */
export const isolationRemedy = `Let an administrator of the server run CREATE ROLE ${WORKSPACE_ROLE} NOLOGIN; GRANT ${WORKSPACE_ROLE} TO the user of DATABASE_URL; then start Lectern again.`;

/**
 * How statements enter a workspace. A database user who may neither make the role nor use it is warned: one workspace
 * has nobody to be kept apart from.
 *
 * @param isPooled a pooler gives every transaction another session: nothing is prepared.
 * @throws StartError when there are several and PostgreSQL can't keep them apart.
 */
export async function enterWorkspaces(
  db: Db,
  logger: Logger,
  { isPooled = false } = {},
): Promise<WorkspacePreamble> {
  const name = isPooled ? undefined : PREPARED_NAME;
  const reason = await whyNotEnforced(db);
  if (reason === undefined) return { name, text: enforced };
  const { count } = await db
    .selectFrom('workspaces')
    .select(row => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  if (count > 1)
    throw new StartError(
      `PostgreSQL can't keep the ${count} workspaces of this database apart: ${reason}. ${isolationRemedy}`,
    );
  logger.warn({ reason }, `workspaces are not kept apart by row-level security. ${isolationRemedy}`);
  return { name, text: unenforced };
}

/** Undefined when row-level security can be relied on. */
export async function whyNotEnforced(db: Db): Promise<string | undefined> {
  const { rows } = await sql<{ bypasses: boolean }>`
    SELECT rolsuper OR rolbypassrls AS bypasses FROM pg_roles WHERE rolname = ${WORKSPACE_ROLE}`.execute(db);
  if (!rows[0]) return `the role ${WORKSPACE_ROLE} is missing`;
  if (rows[0].bypasses) return `the role ${WORKSPACE_ROLE} bypasses row-level security`;
  try {
    // For the length of this statement.
    await sql`SELECT set_config('role', ${WORKSPACE_ROLE}, true)`.execute(db);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Tables of workspaces whose rows PostgreSQL would show to others, with the reason. */
export async function findUnisolatedTables(db: Db): Promise<{ name: string; problem: string }[]> {
  const { rows } = await sql<{ name: string; problem: string }>`
    SELECT name, problem FROM workspace_tables() WHERE problem IS NOT NULL`.execute(db);
  return rows;
}

/** Gives every table of workspaces its policy, and the role what it needs. Does nothing where all is done. */
export async function isolateWorkspaces(db: Db | Trx): Promise<void> {
  await sql`SELECT isolate_workspaces()`.execute(db);
}
