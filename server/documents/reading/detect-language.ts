// The smallest of its tables: of 9,000 paragraphs in four languages it takes 13 for another one.
import { eld } from 'eld/extrasmall';

/** The detector looks at the first 350 bytes of what it gets. */
const PIECE_CHARACTERS = 400;
/** From all over the text: its first page is often a title and a list of names. */
const MOST_PIECES = 8;
/** A heading or a line of a list is too little. */
const LEAST_LETTERS = 40;

/** The language that most of a text is written in, as its ISO 639-1 code; undefined when that is not clear. */
export function detectLanguage(text: string): string | undefined {
  const votes = new Map<string, number>();
  let voters = 0;
  for (const piece of takePieces(text)) {
    // Digits and the strokes between cells are no letters of any language.
    const letters = piece.replace(/[^\p{L}\p{M}\s.,;:!?'’"-]+|\s+/gu, ' ');
    if (countLetters(letters) < LEAST_LETTERS) continue;
    const detected = eld.detect(letters);
    if (!detected.isReliable()) continue;
    voters += 1;
    votes.set(detected.language, (votes.get(detected.language) ?? 0) + 1);
  }
  for (const [language, count] of votes) if (count > voters / 2) return language;
  return undefined;
}

/** A character of Chinese or Japanese says as much as a short word. */
const countLetters = (text: string) =>
  (text.match(/\p{L}/gu)?.length ?? 0) + 3 * (text.match(/[\p{Script=Han}\p{Script=Kana}]/gu)?.length ?? 0);

function takePieces(text: string): string[] {
  const count = Math.min(MOST_PIECES, Math.ceil(text.length / PIECE_CHARACTERS));
  if (count <= 1) return [text];
  const step = (text.length - PIECE_CHARACTERS) / (count - 1);
  return Array.from({ length: count }, (_, index) => {
    const start = Math.round(index * step);
    return text.slice(start, start + PIECE_CHARACTERS).toWellFormed();
  });
}
