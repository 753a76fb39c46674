import { createSession, postQuestion } from '../api-client.ts';
import { type NumberedStreamEvent, readNumberedEvents } from '../event-stream.ts';
import type { LecternProcess } from '../lectern-process.ts';

/** What a client needs of a server in a process of its own. */
export async function clientOf(lectern: LecternProcess) {
  const baseUrl = await lectern.baseUrl();
  return { baseUrl, fetch: (path: string, init?: RequestInit) => fetch(`${baseUrl}${path}`, init) };
}

export type Client = Awaited<ReturnType<typeof clientOf>>;

/** An answer as one client has seen it so far. */
export type SeenAnswer = {
  sessionId: number;
  messageId: number;
  events: (NumberedStreamEvent & { receivedMs: number })[];
  content: string;
  lastId: number;
  /** Resolves when the stream ends, however. */
  ended: Promise<void>;
};

/** Asks in a session of its own and reads on in the background. Resolves when the answer has begun. */
export async function askAndWatch(client: Client, question: string): Promise<SeenAnswer> {
  const sessionId = await createSession(client);
  return watch(sessionId, await postQuestion(client, sessionId, question));
}

export async function watch(sessionId: number, response: Response): Promise<SeenAnswer> {
  const reading = readNumberedEvents(response);
  const seen: SeenAnswer = {
    sessionId,
    messageId: 0,
    events: [],
    content: '',
    lastId: 0,
    ended: Promise.resolve(),
  };
  const note = ({ id, event }: NumberedStreamEvent) => {
    seen.events.push({ id, event, receivedMs: performance.now() });
    seen.lastId = id;
    if (event.type === 'start') seen.messageId = event.message_id;
    if (event.type === 'content') seen.content += event.content;
  };
  const first = await reading.next();
  if (first.value) note(first.value);
  seen.ended = readOn(reading, note);
  return seen;
}

/** A connection that is cut ends it like any other. */
async function readOn(
  reading: AsyncGenerator<NumberedStreamEvent>,
  note: (event: NumberedStreamEvent) => void,
): Promise<void> {
  try {
    for await (const event of reading) note(event);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error; // What fetch says when the connection is gone.
  }
}

export const resumeAnswer = (client: Client, messageId: number, lastEventId: number): Promise<Response> =>
  client.fetch(`/api/chat/${messageId}/stream/`, { headers: { 'last-event-id': String(lastEventId) } });
