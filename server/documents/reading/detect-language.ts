import { detectAll } from 'tinyld';

/** The detector takes about 2 ms for this much; more of a text hardly changes its mind. */
const SAMPLE_CHARACTERS = 4_000;
const SAMPLE_PIECES = 8;
/** A heading or a line of a list is too little. */
const LEAST_LETTERS = 40;
/** The first language must be this many times as likely as the second. */
const LEAST_LEAD = 1.5;

/** The language that most of a text is written in, as its ISO 639-1 code; undefined when that is not clear. */
export function detectLanguage(text: string): string | undefined {
  // The strokes between cells and the like pass for letters of Hindi with the detector.
  const sample = takeSample(text).replace(/[^\p{L}\p{M}\s.,;:!?'’"-]+/gu, ' ');
  if (countLetters(sample) < LEAST_LETTERS) return undefined;
  const [first, second] = detectAll(sample);
  if (!first || (second && first.accuracy < LEAST_LEAD * second.accuracy)) return undefined;
  // Klingon and Berber have three letters.
  return first.lang.length === 2 ? first.lang : undefined;
}

/** A character of Chinese or Japanese says as much as a short word. */
const countLetters = (text: string) =>
  (text.match(/\p{L}/gu)?.length ?? 0) + 3 * (text.match(/[\p{Script=Han}\p{Script=Kana}]/gu)?.length ?? 0);

/** Pieces from all over the text: its first page is often a title and a list of names. */
function takeSample(text: string): string {
  if (text.length <= SAMPLE_CHARACTERS) return text;
  const length = SAMPLE_CHARACTERS / SAMPLE_PIECES;
  const step = (text.length - length) / (SAMPLE_PIECES - 1);
  return Array.from({ length: SAMPLE_PIECES }, (_, index) => {
    const start = Math.round(index * step);
    return text.slice(start, start + length).toWellFormed();
  }).join('\n');
}
