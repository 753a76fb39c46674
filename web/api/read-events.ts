import { EventSourceParserStream } from 'eventsource-parser/stream';

export type ReceivedEvent<Event> = { id: string | undefined; event: Event };

/** The events of a stream of server-sent events whose data are JSON. */
export async function* readEvents<Event>(response: Response): AsyncGenerator<ReceivedEvent<Event>> {
  if (!response.body) return;
  const reader = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader();
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return;
      yield { id: value.id, event: JSON.parse(value.data) as Event };
    }
  } finally {
    reader.cancel().catch(() => {}); // It was closed by the other side.
  }
}
