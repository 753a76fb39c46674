import { sql } from 'kysely';
import type { Db, Trx } from '../database/open-database.ts';
import type { StreamPiece } from './stream-piece.ts';

export type MessageKey = { workspaceId: number; messageId: number };
export type PieceOfMessage = MessageKey & StreamPiece;

/** An answer of this process that is to end: stopped elsewhere, gone with its session, or declared dead by another process. */
type AnswerFlags = { messageId: number; isRunning: boolean; stopRequested: boolean };

/** Saves what came since the last time, and reads what others want of the answers that run here: one statement. */
export async function savePieces(
  db: Db,
  pieces: PieceOfMessage[],
  running: MessageKey[],
): Promise<AnswerFlags[]> {
  const { rows } = await sql<{ id: number; is_running: boolean; stop_requested: boolean }>`
    /* prepared: save-pieces */
    WITH saved AS (
      INSERT INTO stream_events (workspace_id, message_id, sequence, first_sequence, content, events)
      SELECT piece.workspace_id, piece.message_id, piece.sequence, piece.first_sequence, piece.content, piece.events::jsonb
      FROM unnest(${pieces.map(piece => piece.workspaceId)}::bigint[], ${pieces.map(piece => piece.messageId)}::bigint[],
        ${pieces.map(piece => piece.sequence)}::bigint[], ${pieces.map(piece => piece.firstSequence)}::bigint[],
        ${pieces.map(piece => piece.content)}::text[],
        ${pieces.map(({ events }) => (events.length > 0 ? JSON.stringify(events) : null))}::text[])
        AS piece (workspace_id, message_id, sequence, first_sequence, content, events)
      JOIN messages AS message ON message.workspace_id = piece.workspace_id AND message.id = piece.message_id
        AND message.state = 'running'
      ON CONFLICT DO NOTHING
    )
    SELECT asked.id, message.state IS NOT DISTINCT FROM 'running' AS is_running,
      message.stop_requested_at IS NOT NULL AS stop_requested
    FROM unnest(${running.map(message => message.workspaceId)}::bigint[],
      ${running.map(message => message.messageId)}::bigint[]) AS asked (workspace_id, id)
    LEFT JOIN messages AS message ON message.workspace_id = asked.workspace_id AND message.id = asked.id
    WHERE message.state IS DISTINCT FROM 'running' OR message.stop_requested_at IS NOT NULL`.execute(db);
  return rows.map(row => ({
    messageId: row.id,
    isRunning: row.is_running,
    stopRequested: row.stop_requested,
  }));
}

/** No reader gets more rows than this at a time. */
const MOST_ROWS = 2_000;

type PieceRow = {
  message_id: number;
  first_sequence: number;
  sequence: number;
  content: string;
  events: StreamPiece['events'] | null;
};

/** What was saved of each message after the sequence number, in order. */
export async function readPieces(
  db: Db | Trx,
  wanted: (MessageKey & { after: number })[],
): Promise<{ messageId: number; piece: StreamPiece }[]> {
  if (wanted.length === 0) return [];
  const { rows } = await sql<PieceRow>`
    SELECT piece.message_id, piece.first_sequence, piece.sequence, piece.content, piece.events
    FROM unnest(${wanted.map(message => message.workspaceId)}::bigint[],
      ${wanted.map(message => message.messageId)}::bigint[], ${wanted.map(message => message.after)}::bigint[])
      AS wanted (workspace_id, id, after)
    JOIN stream_events AS piece ON piece.workspace_id = wanted.workspace_id AND piece.message_id = wanted.id
      AND piece.sequence > wanted.after
    ORDER BY piece.message_id, piece.sequence LIMIT ${MOST_ROWS}`.execute(db);
  return rows.map(row => ({
    messageId: row.message_id,
    piece: {
      firstSequence: row.first_sequence,
      sequence: row.sequence,
      content: row.content,
      events: row.events ?? [],
    },
  }));
}

/** Answers whose pieces are removed in one go. */
const REMOVED_AT_ONCE = 200;

/**
 * Removes the pieces of answers that have ended, which replay from their message, and of those that are gone. Returns how
 * many rows.
 */
export async function removeFinishedPieces(db: Db): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    DELETE FROM stream_events USING (
      SELECT DISTINCT piece.workspace_id, piece.message_id FROM stream_events AS piece
      LEFT JOIN messages AS message ON message.workspace_id = piece.workspace_id AND message.id = piece.message_id
      WHERE message.state IS DISTINCT FROM 'running' LIMIT ${REMOVED_AT_ONCE}
    ) AS finished
    WHERE stream_events.workspace_id = finished.workspace_id AND stream_events.message_id = finished.message_id`.execute(
    db,
  );
  return Number(numAffectedRows);
}
