import type { StreamEvent } from '../../contract/chat.ts';

/** Every event but content. */
export type ControlEvent = Exclude<StreamEvent, { type: 'content' }>;

/**
 * A stretch of an answer's stream, as it is stored. Content has no borders between its pieces: what was sent in
 * three events may be sent again in one. Where the events stand within the content follows from their numbers.
 */
export type StreamPiece = {
  /** Units of the stream before this piece. */
  firstSequence: number;
  /** Of its last unit. */
  sequence: number;
  content: string;
  events: [sequence: number, event: ControlEvent][];
};
