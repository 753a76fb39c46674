import type { Selectable } from 'kysely';
import type { Db } from '../database/open-database.ts';
import type { Schema } from '../database/schema.ts';
import { NotFoundError } from '../errors.ts';

export type SessionRow = Selectable<Schema['sessions']>;
export type SessionSummary = SessionRow & { message_count: number };

export async function createSession(db: Db, workspaceId: number): Promise<SessionRow> {
  return db
    .insertInto('sessions')
    .values({ workspace_id: workspaceId })
    .returningAll()
    .executeTakeFirstOrThrow();
}

/** @throws NotFoundError */
export async function getSession(db: Db, workspaceId: number, id: number): Promise<SessionRow> {
  const session = await db
    .selectFrom('sessions')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (!session) throw new NotFoundError('session');
  return session;
}

/** Newest first; `before` is the last id of the page before. */
export async function listSessions(
  db: Db,
  workspaceId: number,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<SessionSummary[]> {
  let query = db
    .selectFrom('sessions')
    .selectAll()
    .select(row =>
      row
        .selectFrom('messages')
        .select(count => count.fn.countAll<number>().as('count'))
        .whereRef('messages.workspace_id', '=', 'sessions.workspace_id')
        .whereRef('messages.session_id', '=', 'sessions.id')
        .$asScalar()
        .$notNull()
        .as('message_count'),
    )
    .where('workspace_id', '=', workspaceId);
  if (before) query = query.where('id', '<', before);
  return query.orderBy('id', 'desc').limit(limit).execute();
}

/**
 * Removes the session with its messages; a running answer ends.
 *
 * @returns how many messages it had.
 * @throws NotFoundError
 */
export async function deleteSession(db: Db, workspaceId: number, id: number): Promise<number> {
  return db.transaction().execute(async trx => {
    const { numDeletedRows } = await trx
      .deleteFrom('messages')
      .where('workspace_id', '=', workspaceId)
      .where('session_id', '=', id)
      .executeTakeFirst();
    const session = await trx
      .deleteFrom('sessions')
      .where('workspace_id', '=', workspaceId)
      .where('id', '=', id)
      .executeTakeFirst();
    if (session.numDeletedRows === 0n) throw new NotFoundError('session');
    return Number(numDeletedRows);
  });
}
