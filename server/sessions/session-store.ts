import { type Selectable, sql } from 'kysely';
import type { SessionChange } from '../../contract/sessions.ts';
import type { Asker } from '../database/isolation/for-workspace.ts';
import type { Db, Trx } from '../database/open-database.ts';
import type { Schema } from '../database/schema.ts';
import { NotFoundError } from '../errors.ts';
import { findLeaf } from './branches/read-branch.ts';
import { isOwn } from './owning/own-sessions.ts';
import { userTitle } from './titles/save-title.ts';

const columns = [
  'id',
  'title',
  'title_origin',
  'pinned',
  'active_message_id',
  'created_at',
  'updated_at',
] as const;

export type SessionRow = Pick<Selectable<Schema['sessions']>, (typeof columns)[number]>;

export async function createSession(db: Db, { workspaceId, userId }: Asker): Promise<SessionRow> {
  return db
    .insertInto('sessions')
    .values({ workspace_id: workspaceId, user_id: userId })
    .returning(columns)
    .executeTakeFirstOrThrow();
}

/** @throws NotFoundError, also for somebody else's: this holds of all that takes an Asker. */
export async function getSession(db: Db, asker: Asker, id: number): Promise<SessionRow> {
  const session = await db
    .selectFrom('sessions')
    .select(columns)
    .where(isOwn(asker))
    .where('id', '=', id)
    .executeTakeFirst();
  if (!session) throw new NotFoundError('session');
  return session;
}

/**
 * Names, pins or turns the session to another branch; its place in the list is that of its last question.
 *
 * @throws NotFoundError for an unknown session, or a message that is not in it.
 */
export async function changeSession(
  db: Db,
  asker: Asker,
  id: number,
  { title, pinned, active_message_id }: SessionChange,
): Promise<SessionRow> {
  const { workspaceId } = asker;
  await getSession(db, asker, id);
  const leaf =
    active_message_id === undefined
      ? undefined
      : await findLeaf(db, { workspaceId, sessionId: id }, active_message_id);
  const session = await db
    .updateTable('sessions')
    .set({
      ...(title !== undefined && userTitle(title)),
      ...(pinned !== undefined && { pinned }),
      ...(leaf !== undefined && { active_message_id: leaf }),
    })
    .where(isOwn(asker))
    .where('id', '=', id)
    .returning(columns)
    .executeTakeFirst();
  if (!session) throw new NotFoundError('session');
  return session;
}

export type DeletedSession = {
  deleted: { messages: number; stream_events: number; feedback: number };
  remaining: number;
  /** Its answer that was being written. */
  runningMessageId: number | undefined;
};

/**
 * Removes the session with all that hangs on it.
 *
 * @throws NotFoundError
 */
export async function deleteSession(db: Db, asker: Asker, id: number): Promise<DeletedSession> {
  const { workspaceId } = asker;
  return db.transaction().execute(async trx => {
    // Whoever asks a question locks the session too: none comes in between.
    const session = await trx
      .selectFrom('sessions')
      .select('id')
      .where(isOwn(asker))
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst();
    if (!session) throw new NotFoundError('session');
    const messages = await trx
      .selectFrom('messages')
      .select(['id', 'state'])
      .where('workspace_id', '=', workspaceId)
      .where('session_id', '=', id)
      .orderBy('id')
      .forUpdate()
      .execute();
    const ids = messages.map(message => message.id);
    const deleted = await countRows(trx, workspaceId, ids);
    await trx
      .deleteFrom('messages')
      .where('workspace_id', '=', workspaceId)
      .where('session_id', '=', id)
      .execute();
    await trx.deleteFrom('sessions').where('workspace_id', '=', workspaceId).where('id', '=', id).execute();
    const left = await countRows(trx, workspaceId, ids);
    return {
      deleted,
      remaining: Object.values(left).reduce((sum, count) => sum + count),
      runningMessageId: messages.find(({ state }) => state === 'running')?.id,
    };
  });
}

/** The messages and what hangs on them. */
async function countRows(
  trx: Trx,
  workspaceId: number,
  messageIds: number[],
): Promise<DeletedSession['deleted']> {
  const count = (table: string, column: string) => sql`(
    SELECT count(*)::int FROM ${sql.table(table)}
    WHERE workspace_id = ${workspaceId} AND ${sql.ref(column)} = ANY(${messageIds}::bigint[]))`;
  const { rows } = await sql<DeletedSession['deleted']>`
    SELECT ${count('messages', 'id')} AS messages, ${count('stream_events', 'message_id')} AS stream_events, ${count('message_feedback', 'message_id')} AS feedback`.execute(
    trx,
  );
  const [counts] = rows;
  if (!counts) throw new Error('a SELECT of counts has no row');
  return counts;
}
