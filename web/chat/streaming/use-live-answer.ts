import { useSyncExternalStore } from 'react';
import { AnswerStream } from './answer-stream.ts';
import type { LiveAnswer } from './live-answer.ts';

const streams = new Map<number, AnswerStream>();

/** The one stream of a session. */
export function streamOf(sessionId: number): AnswerStream {
  const known = streams.get(sessionId);
  if (known) return known;
  const created = new AnswerStream(sessionId);
  streams.set(sessionId, created);
  return created;
}

/** A part of the answer that is coming in a session; what reads no text is not shown anew with every piece. */
export function useLiveAnswer<Part>(sessionId: number, pick: (live: LiveAnswer) => Part): Part {
  const stream = streamOf(sessionId);
  return useSyncExternalStore(stream.rendering.subscribe, () => pick(stream.live));
}

export function useRefusal(sessionId: number) {
  const stream = streamOf(sessionId);
  return useSyncExternalStore(stream.rendering.subscribe, () => stream.refusal);
}
