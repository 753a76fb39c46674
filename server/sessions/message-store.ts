import { type Selectable, sql } from 'kysely';
import type { Source } from '../../contract/chat.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import { isUniqueViolation } from '../database/database-errors.ts';
import type { Db } from '../database/open-database.ts';
import type { Schema } from '../database/schema.ts';
import { NotFoundError, RequestError } from '../errors.ts';

/** How long a process may be silent before its answers count as interrupted. */
const LEASE_SECONDS = 30;
const leaseEnd = sql<Date>`now() + make_interval(secs => ${LEASE_SECONDS})`;

export type MessageRow = Omit<Selectable<Schema['messages']>, 'evidence'> & {
  evidence: { sources: Source[] } | null;
};

export type BegunAnswer = { userMessageId: number; messageId: number };

type Question = {
  workspaceId: number;
  sessionId: number;
  content: string;
  tokenCount: number;
  /** What will write the answer. */
  model: string;
  /** This process, for the lease. */
  owner: string;
};

/**
 * Saves the question and an empty running answer in one statement: from here on the question can't be lost.
 *
 * @throws NotFoundError when there is no such session.
 * @throws RequestError session_busy with the running message's id.
 */
export async function beginAnswer(db: Db, question: Question): Promise<BegunAnswer> {
  const { workspaceId, sessionId } = question;
  try {
    const { rows } = await sql<{ user_id: number; assistant_id: number }>`
      WITH session AS (
        UPDATE sessions SET updated_at = now() WHERE workspace_id = ${workspaceId} AND id = ${sessionId}
        RETURNING workspace_id, id
      ), asked AS (
        INSERT INTO messages (workspace_id, session_id, role, content, token_count, state)
        SELECT workspace_id, id, 'user', ${question.content}, ${question.tokenCount}::int, 'complete' FROM session
        RETURNING workspace_id, session_id, id
      ), answered AS (
        INSERT INTO messages (workspace_id, session_id, role, content, state, model, lease_owner, lease_until)
        SELECT workspace_id, session_id, 'assistant', '', 'running', ${question.model}, ${question.owner}, ${leaseEnd}
        FROM asked
        RETURNING id
      )
      SELECT asked.id AS user_id, answered.id AS assistant_id FROM asked, answered`.execute(db);
    const [row] = rows;
    if (!row) throw new NotFoundError('session');
    return { userMessageId: row.user_id, messageId: row.assistant_id };
  } catch (error) {
    if (isUniqueViolation(error, 'one_running_answer')) throw await sessionBusy(db, question);
    throw error;
  }
}

async function sessionBusy(db: Db, { workspaceId, sessionId }: Question): Promise<RequestError> {
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

export type FinishedAnswer = {
  state: 'complete' | 'interrupted' | 'failed';
  content: string;
  tokenCount: number;
  finishReason: string | null;
  error: { code: ErrorCode; message: string } | null;
  usage: object | null;
  timings: object;
  evidence: { sources: Source[] };
};

/** Saves how the answer ended. A session deleted meanwhile is no error. */
export async function finishAnswer(
  db: Db,
  { workspaceId, messageId }: { workspaceId: number; messageId: number },
  answer: FinishedAnswer,
): Promise<void> {
  await db
    .updateTable('messages')
    .set({
      state: answer.state,
      content: answer.content,
      token_count: answer.tokenCount,
      finish_reason: answer.finishReason,
      error_code: answer.error?.code ?? null,
      error_message: answer.error?.message ?? null,
      usage: answer.usage && JSON.stringify(answer.usage),
      timings: JSON.stringify(answer.timings),
      evidence: JSON.stringify(answer.evidence),
      lease_owner: null,
      lease_until: null,
      finished_at: new Date(),
    })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', messageId)
    .where('state', '=', 'running')
    .execute();
}

/** The heartbeat of the answers that run in one process. */
export async function extendAnswerLeases(db: Db, messageIds: number[]): Promise<void> {
  if (messageIds.length === 0) return;
  await db
    .updateTable('messages')
    .set({ lease_until: leaseEnd })
    .where('id', 'in', messageIds)
    .where('state', '=', 'running')
    .execute();
}

/** Marks the answers whose process has died. Returns how many. */
export async function interruptAbandonedAnswers(db: Db): Promise<number> {
  const { numUpdatedRows } = await db
    .updateTable('messages')
    .set({
      state: 'interrupted',
      finish_reason: 'interrupted',
      error_code: 'language_model_interrupted',
      error_message: 'The server stopped while it was answering. Ask again.',
      lease_owner: null,
      lease_until: null,
      finished_at: sql<Date>`now()`,
    })
    .where('state', '=', 'running')
    .where('lease_until', '<', sql<Date>`now()`)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}

/** All messages of a session, oldest first. */
export async function listMessages(db: Db, workspaceId: number, sessionId: number): Promise<MessageRow[]> {
  const rows = await db
    .selectFrom('messages')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where('session_id', '=', sessionId)
    .orderBy('id')
    .$castTo<MessageRow>()
    .execute();
  return rows.map(row => ({
    ...row,
    evidence: row.evidence && { sources: row.evidence.sources.map(complete) },
  }));
}

/** Answers from before there were versions, titles and headings: a document's first version had its id. */
function complete(source: Source): Source {
  const { document_id: version } = source;
  return Object.assign({ version, title: null, heading_path: [] }, source);
}

/** A question and its answer. */
export type Turn = { question: string; answer: string; tokenCount: number };

/** No model reads more turns than this of a chat. */
const MOST_TURNS = 200;

/** The turns before a message that have an answer, newest first. */
export async function readTurns(
  db: Db,
  { workspaceId, sessionId, before }: { workspaceId: number; sessionId: number; before: number },
): Promise<Turn[]> {
  const newestFirst = await db
    .selectFrom('messages')
    .select(['role', 'content', 'token_count'])
    .where('workspace_id', '=', workspaceId)
    .where('session_id', '=', sessionId)
    .where('id', '<', before)
    .orderBy('id', 'desc')
    .limit(2 * MOST_TURNS)
    .execute();
  const turns: Turn[] = [];
  for (const [index, answer] of newestFirst.entries()) {
    const question = newestFirst[index + 1];
    if (answer.role !== 'assistant' || answer.content === '' || question?.role !== 'user') continue;
    turns.push({
      question: question.content,
      answer: answer.content,
      tokenCount: question.token_count + answer.token_count,
    });
  }
  return turns;
}
