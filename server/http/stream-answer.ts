import type { FastifyReply } from 'fastify';
import type { StreamEvent } from '../../contract/chat.ts';
import type { RunningAnswer } from '../chat/running-answer.ts';
import { streamEvents } from './stream-events.ts';

/** Sends the answer's events as they come, one `data:` line each. */
export function streamAnswer(reply: FastifyReply, answer: RunningAnswer): Promise<void> {
  return streamEvents(reply, async function* (gone) {
    for await (const events of answer.read(gone)) yield events.map(formatEvent).join('');
  });
}

const formatEvent = (event: StreamEvent) => `data: ${JSON.stringify(event)}\n\n`;
