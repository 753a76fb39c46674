import assert from 'node:assert/strict';
import { type StreamEvent, streamEvent } from '../contract/chat.ts';

export type NumberedStreamEvent = { id: number; event: StreamEvent };

/**
 * The events of an answer with their ids, as they come. Strict, because clients read line by line: an event is an
 * `id:` line and a `data:` line with one whole JSON object, then a blank one; beside that there are comments, and
 * anything else is an error.
 */
export async function* readNumberedEvents(response: Response): AsyncGenerator<NumberedStreamEvent> {
  assert.equal(response.status, 200, response.ok ? undefined : await response.text());
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  assert.ok(response.body);
  let rest = '';
  for await (const piece of response.body.pipeThrough(new TextDecoderStream('utf-8', { fatal: true }))) {
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) if (!block.startsWith(': ')) yield parseBlock(block);
  }
  assert.equal(rest, '', 'the stream ends within an event');
}

function parseBlock(block: string): NumberedStreamEvent {
  const [, id, json = ''] = /^id: (\d+)\ndata: (.*)$/.exec(block) ?? [];
  assert.ok(id, `not an event of the format: ${block}`);
  const event: unknown = JSON.parse(json);
  assert.deepEqual(streamEvent.parse(event), event, 'the contract does not have all its fields');
  return { id: Number(id), event: streamEvent.parse(event) };
}

export async function* readEvents(response: Response): AsyncGenerator<StreamEvent> {
  for await (const { event } of readNumberedEvents(response)) yield event;
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
