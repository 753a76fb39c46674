import type { FinishReason, StreamEvent } from '../../contract/chat.ts';
import type { DocumentScope } from '../../contract/documents.ts';

/** What the graph works on. */
export type AnswerRequest = {
  workspaceId: number;
  sessionId: number;
  question: string;
  /** Only these documents; all when undefined. */
  documentIds: number[] | undefined;
  /** Only documents in this scope. */
  scope: DocumentScope;
  userMessageId: number;
};

/** Events that the graph's nodes write; start, done and error are the runner's. */
export type GraphEvent = Exclude<StreamEvent, { type: 'start' | 'done' | 'error' }> | FinishEvent;

/** The last event of the graph: becomes `done`. */
type FinishEvent = { type: 'finish'; reason: FinishReason };
