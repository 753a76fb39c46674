import { type Selectable, sql } from 'kysely';
import type { FeedbackRequest } from '../../contract/feedback.ts';
import type { Db } from '../database/open-database.ts';
import type { Schema } from '../database/schema.ts';
import { NotFoundError, RequestError } from '../errors.ts';

export type FeedbackRow = Selectable<Schema['message_feedback']>;

/**
 * What the user says of an answer, in the place of what was said before; a rating of null takes it back.
 *
 * @throws NotFoundError for an unknown message, RequestError for a question.
 */
export async function saveFeedback(
  db: Db,
  workspaceId: number,
  messageId: number,
  { rating, reason = null, comment = null }: FeedbackRequest,
): Promise<FeedbackRow | undefined> {
  const message = await db
    .selectFrom('messages')
    .select('role')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', messageId)
    .executeTakeFirst();
  if (!message) throw new NotFoundError('message');
  if (message.role !== 'assistant')
    throw new RequestError('invalid_request', 'Only an answer can be rated; this message is a question.');
  if (rating === null) {
    await db
      .deleteFrom('message_feedback')
      .where('workspace_id', '=', workspaceId)
      .where('message_id', '=', messageId)
      .execute();
    return undefined;
  }
  const said = { rating, reason, comment: comment || null };
  return db
    .insertInto('message_feedback')
    .values({ workspace_id: workspaceId, message_id: messageId, ...said })
    .onConflict(known =>
      known.columns(['workspace_id', 'message_id']).doUpdateSet({ ...said, updated_at: sql<Date>`now()` }),
    )
    .returningAll()
    .executeTakeFirstOrThrow();
}
