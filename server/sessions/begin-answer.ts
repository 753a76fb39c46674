import { sql } from 'kysely';
import { isUniqueViolation } from '../database/database-errors.ts';
import type { Asker } from '../database/isolation/for-workspace.ts';
import type { Db } from '../database/open-database.ts';
import { NotFoundError, RequestError } from '../errors.ts';
import { leaseEnd } from './answer-leases.ts';
import type { QuestionScope } from './branches/find-question.ts';
import type { IdempotencyKey } from './idempotency-keys.ts';
import { isOwn } from './owning/own-sessions.ts';
import { questionTitle } from './titles/question-title.ts';

export type BegunAnswer = { userMessageId: number; messageId: number };

/** Where a new question stands in its session's tree. */
export type QuestionPlace =
  /** Below this answer; below the last one of the active branch when undefined. */
  | { after: number | undefined }
  /** Beside this question, as another version of it. */
  | { versionOf: number };

type NewQuestion = { content: string; tokenCount: number; scope: QuestionScope; place: QuestionPlace };

/** A new message of the user, or one that gets another answer. */
export type AnsweredQuestion = NewQuestion | { userMessageId: number };

export type AnswerToBegin = Asker & {
  sessionId: number;
  question: AnsweredQuestion;
  /** What will write the answer. */
  model: string;
  /** This process, for the lease. */
  owner: string;
  idempotency: IdempotencyKey | undefined;
};

/**
 * Saves the question and an empty running answer in one statement: from here on the question can't be lost.
 *
 * @throws NotFoundError when there is no such session of who asks, or no such question in it.
 * @throws RequestError session_busy with the running message's id.
 * @throws KeyInUseError when there is an answer with this idempotency key.
 */
export async function beginAnswer(db: Db, answer: AnswerToBegin): Promise<BegunAnswer> {
  const { sessionId, question, model, owner, idempotency } = answer;
  const title = 'content' in question ? questionTitle(question.content) : null;
  try {
    const { rows } = await sql<{ user_id: number; assistant_id: number }>`
      /* prepared: begin-answer */
      WITH new AS (
        SELECT nextval('message_ids') AS question_id, nextval('message_ids') AS answer_id
      ), place AS (
        ${placeOf(answer)}
      ), session AS (
        UPDATE sessions SET updated_at = now(), active_message_id = new.answer_id,
          title = coalesce(title, ${title}),
          title_origin = CASE WHEN title IS NULL AND ${title}::text IS NOT NULL THEN 'question' ELSE title_origin END
        FROM new, place
        WHERE ${isOwn(answer)} AND id = ${sessionId}
        RETURNING workspace_id, id, new.question_id, new.answer_id, place.message_id
      ), asked AS (
        ${'content' in question ? insertQuestion(question) : sql`SELECT session.*, message_id AS user_id FROM session`}
      ), answered AS (
        INSERT INTO messages (workspace_id, id, session_id, parent_id, role, content, state, model, lease_owner,
          lease_until, idempotency_key, request_sha256)
        SELECT session.workspace_id, session.answer_id, session.id, asked.user_id, 'assistant', '', 'running',
          ${model}, ${owner}, ${leaseEnd}, ${idempotency?.key ?? null}, ${idempotency?.requestSha256 ?? null}
        FROM session, asked
        RETURNING id
      )
      SELECT asked.user_id, answered.id AS assistant_id FROM asked, answered`.execute(db);
    const [row] = rows;
    if (!row) throw new NotFoundError(isAtActiveEnd(question) ? 'session' : 'message');
    return { userMessageId: row.user_id, messageId: row.assistant_id };
  } catch (error) {
    if (isUniqueViolation(error, 'one_answer_per_key')) throw new KeyInUseError();
    if (isUniqueViolation(error, 'one_running_answer')) throw await sessionBusy(db, answer);
    throw error;
  }
}

/** Somebody else has begun an answer with this idempotency key: it is to be looked up. */
export class KeyInUseError extends Error {
  override name = 'KeyInUseError';
}

/** Then nothing but the session can be missing. */
const isAtActiveEnd = (question: AnsweredQuestion) =>
  'place' in question && 'after' in question.place && question.place.after === undefined;

/** What the new message stands below; no row when that is not in the session. */
function placeOf({ workspaceId, sessionId, question }: AnswerToBegin) {
  const message = (id: number, role: 'user' | 'assistant', column: 'id' | 'parent_id') => sql`
    SELECT ${sql.ref(column)} AS message_id FROM messages
    WHERE workspace_id = ${workspaceId} AND session_id = ${sessionId} AND id = ${id} AND role = ${role}`;
  if ('userMessageId' in question) return message(question.userMessageId, 'user', 'id');
  const { place } = question;
  if ('versionOf' in place) return message(place.versionOf, 'user', 'parent_id');
  if (place.after !== undefined) return message(place.after, 'assistant', 'id');
  return sql`
    SELECT active_message_id AS message_id FROM sessions WHERE workspace_id = ${workspaceId} AND id = ${sessionId}`;
}

const insertQuestion = ({ content, tokenCount, scope }: NewQuestion) => sql`
  INSERT INTO messages (workspace_id, id, session_id, parent_id, role, content, token_count, state, scope)
  SELECT workspace_id, question_id, id, message_id, 'user', ${content}, ${tokenCount}::int, 'complete',
    ${JSON.stringify(scope)}::jsonb
  FROM session
  RETURNING id AS user_id`;

async function sessionBusy(db: Db, { workspaceId, sessionId }: AnswerToBegin): Promise<RequestError> {
  const running = await db
    .selectFrom('messages')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('session_id', '=', sessionId)
    .where('state', '=', 'running')
    .executeTakeFirst();
  return new RequestError(
    'session_busy',
    'This session is still answering the question before. Wait for it to finish.',
    { extra: { message_id: running?.id ?? null } },
  );
}
