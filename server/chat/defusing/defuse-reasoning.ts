import type { ModelEvent } from '../../language-model/language-model.ts';
import { MarkdownDefuser } from './markdown-defuser.ts';

/** What a model thinks, made harmless; its other events as they are: the answer is defused with its markers. */
export async function* defuseReasoning(events: AsyncIterable<ModelEvent>): AsyncGenerator<ModelEvent> {
  const defuser = new MarkdownDefuser();
  try {
    for await (const event of events) {
      if (event.type === 'finish') yield* reasoning(defuser.flush());
      if (event.type === 'reasoning') yield* reasoning(defuser.push(event.text));
      else yield event;
    }
  } catch (error) {
    // What was thought before is kept whole.
    yield* reasoning(defuser.flush());
    throw error;
  }
}

function* reasoning(text: string): Generator<ModelEvent> {
  if (text !== '') yield { type: 'reasoning', text };
}
