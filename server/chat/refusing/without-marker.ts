import type { ModelEvent } from '../../language-model/language-model.ts';
import type { NotFoundMarkerReader } from './not-found-marker.ts';

/**
 * What a language model writes, without the marker that says that it found no answer.
 *
 * @param said is written for a language model that wrote nothing but the marker.
 */
export async function* withoutMarker(
  events: AsyncIterable<ModelEvent>,
  marker: NotFoundMarkerReader,
  said: string,
): AsyncGenerator<ModelEvent> {
  let isEmpty = true;
  function* delta(text: string): Generator<ModelEvent> {
    if (text === '') return;
    if (text.trim() !== '') isEmpty = false;
    yield { type: 'delta', text };
  }
  try {
    for await (const event of events) {
      if (event.type === 'delta') yield* delta(marker.push(event.text));
      else {
        if (event.type === 'finish') {
          yield* delta(marker.end());
          if (marker.isFound && isEmpty) yield* delta(said);
        }
        yield event;
      }
    }
  } catch (error) {
    // What was held back is kept.
    yield* delta(marker.end());
    throw error;
  }
}
