import type { Check, Citation, Source, StreamEvent } from '../../../contract/chat.ts';
import { placeCitation } from '../../../contract/place-citation.ts';

type ErrorEvent = Extract<StreamEvent, { type: 'error' }>;
type UsageEvent = Extract<StreamEvent, { type: 'usage' }>;

/** An answer while it comes. */
export type LiveAnswer = {
  /** Waiting for the server, then what the server says it is doing; idle: no answer is coming. */
  phase: 'idle' | 'waiting' | 'searching' | 'reading' | 'writing';
  /** Undefined until the server has saved the question. */
  messageId?: number | undefined;
  userMessageId?: number | undefined;
  /** As it was sent; undefined when an answer is followed that was begun elsewhere. */
  question?: string;
  /** The last message that stays above it, null for none; undefined when it follows all of them. */
  keepUntil?: number | null | undefined;
  /** What the model thinks before it answers. */
  reasoning: string;
  content: string;
  sources: Source[];
  citations: Citation[];
  check?: Check;
  usage?: UsageEvent;
  searchedDocuments?: number;
  readPassages?: number;
  finishReason?: string;
  failure?: Pick<ErrorEvent, 'code' | 'message' | 'retryable'>;
  /** The connection was lost and is being made again. */
  isReconnecting: boolean;
  isStopping: boolean;
};

export const idleAnswer: LiveAnswer = {
  phase: 'idle',
  reasoning: '',
  content: '',
  sources: [],
  citations: [],
  isReconnecting: false,
  isStopping: false,
};

/** What an event changes. */
export function applyEvent(live: LiveAnswer, event: StreamEvent): Partial<LiveAnswer> {
  switch (event.type) {
    case 'start':
      return { messageId: event.message_id, userMessageId: event.user_message_id, isReconnecting: false };
    case 'stage':
      return {
        phase: event.stage,
        ...(event.documents !== undefined && { searchedDocuments: event.documents }),
        ...(event.passages !== undefined && { readPassages: event.passages }),
      };
    case 'sources':
      return { sources: event.sources };
    case 'reasoning':
      return { reasoning: live.reasoning + event.content };
    case 'content':
      return { phase: 'writing', content: live.content + event.content };
    case 'citation':
      return { citations: placeCitation(live.citations, event) };
    case 'check':
      return { check: event };
    case 'usage':
      return { usage: event };
    case 'done':
      return { finishReason: event.finish_reason };
    case 'error':
      return { failure: event };
    default:
      return {}; // From a newer server.
  }
}
