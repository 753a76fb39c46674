import assert from 'node:assert/strict';
import { type StreamEvent, streamEvent } from '../contract/chat.ts';

/**
 * The events of an answer, as they come. Strict, because clients read line by line: a line is
 * `data: ` with one whole JSON object, `id:`, a comment or blank, and anything else is an error.
 */
export async function* readEvents(response: Response): AsyncGenerator<StreamEvent> {
  assert.equal(response.status, 200, response.ok ? undefined : await response.text());
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  assert.ok(response.body);
  let rest = '';
  for await (const piece of response.body.pipeThrough(new TextDecoderStream('utf-8', { fatal: true }))) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const event = parseLine(line);
      if (event) yield event;
    }
  }
  assert.equal(rest, '', 'the stream ends within a line');
}

function parseLine(line: string): StreamEvent | undefined {
  if (line === '' || line.startsWith(':') || line.startsWith('id: ')) return undefined;
  assert.ok(line.startsWith('data: '), `not a line of the format: ${line}`);
  const event: unknown = JSON.parse(line.slice('data: '.length));
  assert.deepEqual(streamEvent.parse(event), event, 'the contract does not have all its fields');
  return streamEvent.parse(event);
}

/** All events, once the stream has ended. */
export async function readAllEvents(response: Response): Promise<StreamEvent[]> {
  const events: StreamEvent[] = [];
  for await (const event of readEvents(response)) events.push(event);
  return events;
}

type EventOf<Type extends StreamEvent['type']> = Extract<StreamEvent, { type: Type }>;

export function eventsOf<Type extends StreamEvent['type']>(
  events: StreamEvent[],
  type: Type,
): EventOf<Type>[] {
  return events.filter((event): event is EventOf<Type> => event.type === type);
}

/** The one event of this type. */
export function eventOf<Type extends StreamEvent['type']>(events: StreamEvent[], type: Type): EventOf<Type> {
  const [event, ...others] = eventsOf(events, type);
  assert.ok(event, `no ${type} among ${events.map(each => each.type)}`);
  assert.deepEqual(others, []);
  return event;
}

export function contentOf(events: StreamEvent[]): string {
  return eventsOf(events, 'content')
    .map(event => event.content)
    .join('');
}
