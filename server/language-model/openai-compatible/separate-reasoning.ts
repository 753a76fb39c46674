const openTag = '<think>';
const closeTag = '</think>';

export type SeparatedText = { reasoning: string; text: string };

export type ReasoningSeparator = {
  /** The next piece of what the model writes; what may still become a tag is held back. */
  push(piece: string): SeparatedText;
  /** What was held back, at the end of the answer. */
  end(): SeparatedText;
};

type Stage = 'before' | 'reasoning' | 'gap' | 'answer';

/**
 * Tells `<think>…</think>` at the very beginning of a model's words from the answer after it, however the
 * pieces are cut. Open models (DeepSeek R1, Qwen 3, …) write their reasoning so when the server in front of
 * them does not take it out. Further on the tag is text like any other, and without its end all is reasoning.
 */
export function createReasoningSeparator(): ReasoningSeparator {
  let stage: Stage = 'before';
  let held = '';

  function push(piece: string): SeparatedText {
    if (stage === 'answer') return { reasoning: '', text: piece };
    held += piece;
    let reasoning = '';
    if (stage === 'before') stage = stageOfBeginning();
    if (stage === 'reasoning') reasoning = takeReasoning();
    if (stage === 'gap') dropGap();
    return { reasoning, text: stage === 'answer' ? take(held.length) : '' };
  }

  /** White space may stand before the tag. */
  function stageOfBeginning(): Stage {
    const beginning = held.trimStart();
    if (beginning.startsWith(openTag)) {
      held = beginning.slice(openTag.length);
      return 'reasoning';
    }
    return openTag.startsWith(beginning) ? 'before' : 'answer';
  }

  function takeReasoning(): string {
    const end = held.indexOf(closeTag);
    if (end < 0) return take(held.length - lengthOfBegunTag(held));
    const reasoning = take(end);
    held = held.slice(closeTag.length);
    stage = 'gap';
    return reasoning;
  }

  /** The blank lines between reasoning and answer belong to neither. */
  function dropGap(): void {
    held = held.trimStart();
    if (held !== '') stage = 'answer';
  }

  function take(length: number): string {
    const taken = held.slice(0, length);
    held = held.slice(length);
    return taken;
  }

  return {
    push,
    end() {
      const rest = take(held.length);
      return stage === 'reasoning' ? { reasoning: rest, text: '' } : { reasoning: '', text: rest };
    },
  };
}

/** How many of the last characters may be the beginning of the closing tag. */
function lengthOfBegunTag(text: string): number {
  for (let length = Math.min(closeTag.length - 1, text.length); length > 0; length -= 1)
    if (closeTag.startsWith(text.slice(-length))) return length;
  return 0;
}
