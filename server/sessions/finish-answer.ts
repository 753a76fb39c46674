import type { Evidence } from '../../contract/chat.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import type { Db, Trx } from '../database/open-database.ts';
import { withoutSources } from './stored-answer.ts';
import type { MessageKey } from './stream-event-store.ts';
import type { StreamPiece } from './stream-piece.ts';

export type FinishedAnswer = {
  state: 'complete' | 'interrupted' | 'failed';
  content: string;
  tokenCount: number;
  finishReason: string | null;
  error: { code: ErrorCode; message: string } | null;
  /** The language model that wrote it; stays as it is when undefined. */
  model?: string | undefined;
  /** What that thought before. */
  reasoning: string | null;
  usage: object | null;
  timings?: object;
  evidence: Evidence;
  /** Stays as it is when undefined. */
  trace?: object | undefined;
  /** What replays the stream, together with content and evidence. */
  events: StreamPiece['events'];
};

/**
 * Saves how the answer ended.
 *
 * @returns whether it was still running: its session may be deleted, or another process took this one for dead.
 */
export async function finishAnswer(
  db: Db | Trx,
  { workspaceId, messageId }: MessageKey,
  answer: FinishedAnswer,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('messages')
    .set({
      state: answer.state,
      content: answer.content,
      token_count: answer.tokenCount,
      finish_reason: answer.finishReason,
      error_code: answer.error?.code ?? null,
      error_message: answer.error?.message ?? null,
      model: answer.model,
      reasoning: answer.reasoning,
      usage: answer.usage && JSON.stringify(answer.usage),
      timings: answer.timings && JSON.stringify(answer.timings),
      evidence: JSON.stringify(answer.evidence),
      trace: answer.trace && JSON.stringify(answer.trace),
      stream: JSON.stringify(withoutSources(answer.events)),
      stop_requested_at: null,
      lease_owner: null,
      lease_until: null,
      finished_at: new Date(),
    })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', messageId)
    .where('state', '=', 'running')
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
