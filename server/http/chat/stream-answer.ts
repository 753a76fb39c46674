import type { FastifyReply } from 'fastify';
import type { AnswerStream } from '../../chat/answering/answer-desk.ts';
import type { NumberedEvent } from '../../chat/streaming/answer-log.ts';
import { streamEvents } from '../stream-events.ts';

/** Readers that are as far as each other get the same batch: it is written out once. */
const written = new WeakMap<NumberedEvent[], string>();

/** Sends the answer's events as they come, one `data:` line each, with the number to come back with. */
export function streamAnswer(reply: FastifyReply, answer: AnswerStream, keepAliveMs: number): Promise<void> {
  return streamEvents(
    reply,
    async function* (gone) {
      for await (const events of answer.read(gone)) yield write(events);
    },
    keepAliveMs,
  );
}

function write(events: NumberedEvent[]): string {
  const known = written.get(events);
  if (known !== undefined) return known;
  const text = events.map(formatEvent).join('');
  written.set(events, text);
  return text;
}

const formatEvent = ({ sequence, event }: NumberedEvent) =>
  `id: ${sequence}\ndata: ${JSON.stringify(event)}\n\n`;
