import { type Sentence, segmentSentences } from '../../embedding/segment-sentences.ts';

/** UTF-16 units looked at at once: few calls, and a text of 50 MB never has all its sentences in memory. */
const windowLength = 1 << 17;
/** What ends this close to a window's end might end elsewhere if more were seen. */
const margin = 1 << 12;

/**
 * The sentences of `text` from `start` to `end`, as `segmentSentences` gives them, but a window at a time. A
 * window ends at a blank line, which always ends a sentence; where there is none, the next window begins with
 * the first sentence that the end of this one may have changed.
 */
export function* sentencesInWindows(text: string, start: number, end: number): Generator<Sentence> {
  let length = windowLength;
  for (let from = start; from < end; ) {
    const to = endOfWindow(text, from, length, end);
    const isClosed = to === end || text.startsWith('\n\n', to - 2);
    let last = from;
    for (const sentence of segmentSentences(text, from, to)) {
      if (!isClosed && sentence.end > to - margin) break;
      yield sentence;
      last = sentence.end;
    }
    // A sentence longer than a window needs a much larger one, or most of the time goes into looking twice.
    length = last === from ? length * 8 : windowLength;
    from = last;
  }
}

function endOfWindow(text: string, from: number, length: number, end: number): number {
  if (end - from <= length) return end;
  const blankLine = text.lastIndexOf('\n\n', from + length - 2);
  if (blankLine > from + length / 2) return blankLine + 2;
  // Perhaps inside a surrogate pair: what ends there is looked at again.
  return from + length;
}
