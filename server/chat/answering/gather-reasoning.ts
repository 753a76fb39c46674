import type { ModelEvent } from '../../language-model/language-model.ts';

/** Often enough to watch. */
const PAUSE_MS = 100;

/**
 * Pieces of reasoning that follow each other closely become one: nobody cites them, and each would be a row of
 * its own in the answer's stream.
 */
export async function* gatherReasoning(events: AsyncIterable<ModelEvent>): AsyncGenerator<ModelEvent> {
  let held = '';
  let sentAt = Number.NEGATIVE_INFINITY;
  function* release(): Generator<ModelEvent> {
    if (held === '') return;
    yield { type: 'reasoning', text: held };
    held = '';
    sentAt = performance.now();
  }
  try {
    for await (const event of events) {
      if (event.type === 'reasoning') {
        held += event.text;
        if (performance.now() - sentAt >= PAUSE_MS) yield* release();
        continue;
      }
      yield* release();
      yield event;
    }
  } catch (error) {
    // What was thought before is kept whole.
    yield* release();
    throw error;
  }
}
