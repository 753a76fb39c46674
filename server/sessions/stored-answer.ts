import { sql } from 'kysely';
import type { FinishReason, Source } from '../../contract/chat.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import type { Db, Trx } from '../database/open-database.ts';
import type { MessageState } from '../database/schema.ts';
import type { MessageKey } from './stream-event-store.ts';
import type { ControlEvent, StreamPiece } from './stream-piece.ts';

export type StoredAnswer = {
  state: MessageState;
  finishReason: string | null;
  /** Its whole stream; undefined while it runs. */
  stream: StreamPiece | undefined;
};

type Row = {
  id: number;
  session_id: number;
  user_message_id: number | null;
  state: MessageState;
  finish_reason: FinishReason | null;
  content: string;
  stream: StreamPiece['events'] | null;
  evidence: { sources: Source[] } | null;
  error_code: ErrorCode | null;
  error_message: string | null;
};

/** An answer as it is stored with its message; undefined when there is none with this id. */
export async function findStoredAnswer(
  db: Db | Trx,
  { workspaceId, messageId }: MessageKey,
): Promise<StoredAnswer | undefined> {
  const { rows } = await sql<Row>`
    SELECT id, session_id, state, finish_reason, content, stream, evidence, error_code, error_message,
      parent_id AS user_message_id
    FROM messages AS answer
    WHERE workspace_id = ${workspaceId} AND id = ${messageId} AND role = 'assistant'`.execute(db);
  const [row] = rows;
  if (!row) return undefined;
  const stream = row.state === 'running' ? undefined : toStream(row);
  return { state: row.state, finishReason: row.finish_reason, stream };
}

function toStream(row: Row): StreamPiece {
  const sources = row.evidence?.sources ?? [];
  const events = (row.stream ?? composeEvents(row)).map(
    ([sequence, event]): StreamPiece['events'][number] => [
      sequence,
      event.type === 'sources' ? { type: 'sources', sources } : event,
    ],
  );
  return { firstSequence: 0, sequence: events.at(-1)?.[0] ?? 0, content: row.content, events };
}

/** As the events are stored with the message: the sources stand in its evidence. */
export function withoutSources(events: StreamPiece['events']): StreamPiece['events'] {
  return events.map(([sequence, event]) => [
    sequence,
    event.type === 'sources' ? { type: 'sources', sources: [] } : event,
  ]);
}

/** The least that a stream has, for answers from before their streams were stored. */
function composeEvents(row: Row): StreamPiece['events'] {
  const { id, session_id } = row;
  const start: ControlEvent = {
    type: 'start',
    message_id: id,
    user_message_id: row.user_message_id ?? id,
    session_id,
  };
  return [
    [1, start],
    [2, { type: 'sources', sources: [] }],
    [3 + row.content.length, lastEventOf(row)],
  ];
}

function lastEventOf({ id, state, finish_reason, error_code, error_message }: Row): ControlEvent {
  if (state === 'complete') return { type: 'done', message_id: id, finish_reason: finish_reason ?? 'stop' };
  return {
    type: 'error',
    code: error_code ?? 'internal_error',
    message: error_message ?? 'The answer was interrupted. Ask again.',
    retryable: true,
    message_id: id,
  };
}

/**
 * Asks for a running answer to be stopped, by whichever process writes it.
 *
 * @returns whether it was running.
 */
export async function requestStop(db: Db, { workspaceId, messageId }: MessageKey): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('messages')
    .set({ stop_requested_at: sql<Date>`coalesce(stop_requested_at, now())` })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', messageId)
    .where('state', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** The ids of those that are running. */
export async function listRunning(db: Db, messages: MessageKey[]): Promise<Set<number>> {
  const { rows } = await sql<{ id: number }>`
    SELECT message.id FROM unnest(${messages.map(message => message.workspaceId)}::bigint[],
      ${messages.map(message => message.messageId)}::bigint[]) AS asked (workspace_id, id)
    JOIN messages AS message ON message.workspace_id = asked.workspace_id AND message.id = asked.id
    WHERE message.state = 'running'`.execute(db);
  return new Set(rows.map(({ id }) => id));
}
