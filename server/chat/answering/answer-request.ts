import type { FinishReason, StreamEvent, TokenAccount, Usage } from '../../../contract/chat.ts';
import type { DocumentScope } from '../../../contract/documents.ts';
import type { StoredTrace } from '../tracing/stored-trace.ts';

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
  /** Of those that may be chosen; the standard one when undefined. */
  model: string | undefined;
  temperature: number | undefined;
};

/** Events that the graph's nodes write; start, done and error are the runner's. */
export type GraphEvent =
  | Exclude<StreamEvent, { type: 'start' | 'done' | 'error' | 'usage' }>
  | UsageEvent
  | TraceEvent
  | ContextEvent
  | BeginEvent
  | FinishEvent;

/** What it costs is known where the prices are. */
export type UsageEvent = Omit<Usage, 'cost'>;

/** A part of the trace: is saved with the answer and not sent. */
type TraceEvent = { type: 'trace'; trace: StoredTrace };

/** The prompt is made: how many tokens it has, should its answer be cut short. */
type ContextEvent = { type: 'context'; account: TokenAccount };

/** A language model has begun to write: from here on it costs, also when it breaks off. Is not sent. */
type BeginEvent = { type: 'begin'; model: string };

/** The last event of the graph: becomes `done`. */
type FinishEvent = { type: 'finish'; reason: FinishReason };
