import { sql } from 'kysely';
import type { Db, Trx } from '../database/open-database.ts';
import type { MessageKey } from './stream-event-store.ts';

/** How long a process may be silent before its answers count as interrupted. */
const LEASE_SECONDS = 30;
export const leaseEnd = sql<Date>`now() + make_interval(secs => ${LEASE_SECONDS})`;

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

/** The process is known to be dead: its answers are abandoned from now on, not only when their leases have run out. */
export async function endAnswerLeases(db: Db, owner: string): Promise<void> {
  await db
    .updateTable('messages')
    .set({ lease_until: new Date(0) })
    .where('lease_owner', '=', owner)
    .where('state', '=', 'running')
    .execute();
}

export type AbandonedAnswer = MessageKey & {
  sessionId: number;
  userMessageId: number;
  question: string;
  /** What was writing it. */
  model: string | null;
};

/** Answers whose process has died, locked so that one process deals with each. */
export async function lockAbandonedAnswers(trx: Trx, limit: number): Promise<AbandonedAnswer[]> {
  const { rows } = await sql<{
    workspace_id: number;
    id: number;
    session_id: number;
    user_message_id: number;
    question: string | null;
    model: string | null;
  }>`
    SELECT workspace_id, id, session_id, parent_id AS user_message_id, model,
      (SELECT content FROM messages AS question
        WHERE question.workspace_id = answer.workspace_id AND question.id = answer.parent_id) AS question
    FROM messages AS answer WHERE state = 'running' AND lease_until < now()
    ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED`.execute(trx);
  return rows.map(row => ({
    workspaceId: row.workspace_id,
    messageId: row.id,
    sessionId: row.session_id,
    userMessageId: row.user_message_id,
    question: row.question ?? '',
    model: row.model,
  }));
}
