import type { z } from 'zod';
import type { feedback } from '../../../contract/feedback.ts';
import type { Message } from '../../../contract/sessions.ts';
import { answerUsage } from '../../../contract/usage.ts';
import type { BranchMessage } from '../../sessions/branches/read-branch.ts';
import type { FeedbackRow } from '../../sessions/feedback-store.ts';
import type { SessionRow } from '../../sessions/session-store.ts';
import type { SourceStates } from '../../sessions/source-states.ts';

export function toSession(row: SessionRow, messages: BranchMessage[], stateOf: SourceStates) {
  return {
    id: row.id,
    created_at: row.created_at.toISOString(),
    updated_at: row.updated_at.toISOString(),
    title: row.title,
    title_origin: row.title_origin,
    pinned: row.pinned,
    active_message_id: row.active_message_id,
    messages: messages.map(message => toMessage(message, stateOf)),
  };
}

export function toMessage(row: BranchMessage, stateOf: SourceStates): Message {
  return {
    id: row.id,
    role: row.role,
    content: row.content,
    created_at: row.created_at.toISOString(),
    parent_id: row.parent_id,
    versions: row.versions,
    state: row.state,
    finish_reason: row.finish_reason,
    model: row.model,
    reasoning: row.reasoning,
    // What was saved by versions before has less, and is left out.
    usage: answerUsage.safeParse(row.usage).data ?? null,
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? '' },
    sources: (row.evidence?.sources ?? []).map(source => ({ ...source, state: stateOf(source) })),
    citations: row.evidence?.citations ?? [],
    check: row.evidence?.check ?? null,
    feedback: toFeedback(row.feedback),
  };
}

type Feedback = z.infer<typeof feedback>;

export function toFeedback(row: FeedbackRow | undefined): Feedback | null {
  if (!row) return null;
  const { rating, reason, comment, updated_at } = row;
  return { rating, reason, comment, updated_at: updated_at.toISOString() };
}
