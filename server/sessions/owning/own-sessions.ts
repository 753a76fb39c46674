import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { Asker } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import { NotFoundError } from '../../errors.ts';

/**
 * The condition that a session is one of who asks: nobody sees another's chats, though they are of the same workspace.
 * Nobody is 0, as in the index; not by coalesce(), which PostgreSQL takes for leaky, and would use no index for.
 *
 * @param sessions what the statement calls the table.
 */
export const isOwn = ({ workspaceId, userId }: Asker, sessions = 'sessions'): RawBuilder<SqlBool> => {
  const user = sql.ref(`${sessions}.user_id`);
  return sql`(${sql.ref(`${sessions}.workspace_id`)} = ${workspaceId}
    AND CASE WHEN ${user} IS NULL THEN 0 ELSE ${user} END = ${userId ?? 0}::bigint)`;
};

/** The same of a message, which is its session's. */
export const isInOwnSession = (asker: Asker, messages: string): RawBuilder<SqlBool> =>
  sql`EXISTS (SELECT FROM sessions
    WHERE sessions.id = ${sql.ref(`${messages}.session_id`)} AND ${isOwn(asker)})`;

/**
 * For what goes on to read a message by its id alone.
 *
 * @param what it is called in the error.
 * @throws NotFoundError for one that there is not, or that is somebody else's.
 */
export async function requireOwnMessage(
  db: Db,
  asker: Asker,
  messageId: number,
  what = 'answer',
): Promise<void> {
  const { rows } = await sql`
    SELECT FROM messages AS message
    WHERE message.workspace_id = ${asker.workspaceId} AND message.id = ${messageId}
      AND ${isInOwnSession(asker, 'message')}`.execute(db);
  if (rows.length === 0) throw new NotFoundError(what);
}
