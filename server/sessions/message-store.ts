import { type Selectable, sql } from 'kysely';
import type { Evidence, Source } from '../../contract/chat.ts';
import type { Db } from '../database/open-database.ts';
import type { Schema } from '../database/schema.ts';
import type { FeedbackRow } from './feedback-store.ts';

/** What clients see of a message; the rest is large, and few ask for it. */
const columns = [
  'id',
  'session_id',
  'parent_id',
  'role',
  'content',
  'state',
  'finish_reason',
  'error_code',
  'error_message',
  'model',
  'reasoning',
  'usage',
  'timings',
  'evidence',
  'created_at',
  'finished_at',
] as const;

type Columns = Pick<Selectable<Schema['messages']>, (typeof columns)[number]>;

export type MessageRow = Omit<Columns, 'evidence'> & {
  evidence: Evidence | null;
  feedback: FeedbackRow | undefined;
};

/** These messages with what was said of them, oldest first. */
export async function readMessages(db: Db, workspaceId: number, ids: number[]): Promise<MessageRow[]> {
  if (ids.length === 0) return [];
  const isOne = (column: string) => sql<boolean>`${sql.ref(column)} = ANY(${ids}::bigint[])`;
  const rows = await db
    .selectFrom('messages')
    .select(columns)
    .where('workspace_id', '=', workspaceId)
    .where(isOne('id'))
    .orderBy('id')
    .$castTo<Omit<MessageRow, 'feedback'>>()
    .execute();
  const feedback = await db
    .selectFrom('message_feedback')
    .selectAll()
    .where('workspace_id', '=', workspaceId)
    .where(isOne('message_id'))
    .execute();
  const feedbackOf = new Map(feedback.map(row => [row.message_id, row]));
  return rows.map(row => ({
    ...row,
    evidence: row.evidence && completeEvidence(row.evidence),
    feedback: feedbackOf.get(row.id),
  }));
}

/** Answers from before there were citations have none. */
function completeEvidence({ sources, citations = [], check = null }: Partial<Evidence>): Evidence {
  return { sources: (sources ?? []).map(complete), citations, check };
}

/** Answers from before there were versions, titles and headings: a document's first version had its id. */
function complete(source: Source): Source {
  const { document_id: version } = source;
  return Object.assign({ version, title: null, heading_path: [] }, source);
}

type TraceRow = {
  id: number;
  state: string;
  finish_reason: string | null;
  error_code: string | null;
  error_message: string | null;
  usage: unknown;
  timings: unknown;
  trace: unknown;
  content: string;
  evidence: Evidence | null;
  question: string;
};

/** What is known of how an answer came about; undefined for a question and when there is no such message. */
export async function findTrace(
  db: Db,
  workspaceId: number,
  messageId: number,
): Promise<TraceRow | undefined> {
  const { rows } = await sql<TraceRow>`
    SELECT answer.id, answer.state, answer.finish_reason, answer.error_code, answer.error_message, answer.usage,
      answer.timings, answer.trace, answer.content, answer.evidence, question.content AS question
    FROM messages AS answer
    JOIN messages AS question ON question.workspace_id = answer.workspace_id AND question.id = answer.parent_id
    WHERE answer.workspace_id = ${workspaceId} AND answer.id = ${messageId} AND answer.role = 'assistant'`.execute(
    db,
  );
  return rows[0];
}
