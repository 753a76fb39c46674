import type { AnswerKey } from './read-answer-set.ts';

/** Share of a supporting sentence's words that a quote must have. */
const MOST_OF_A_SENTENCE = 0.8;

/** Whether a quote holds an answer: without case, punctuation and white space. */
export function holdsAnswer(quote: string, { texts, sentences }: AnswerKey): boolean {
  const quoted = normalise(quote);
  if (texts.some(text => contains(quoted, normalise(text)))) return true;
  const words = new Set(quoted.split(' '));
  return sentences.some(sentence => {
    const wanted = normalise(sentence).split(' ');
    return wanted.filter(word => words.has(word)).length >= MOST_OF_A_SENTENCE * wanted.length;
  });
}

/** Whole words; in scripts without spaces anywhere. */
function contains(quoted: string, answer: string): boolean {
  if (answer === '') return false;
  if (/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/u.test(answer))
    return quoted.replaceAll(' ', '').includes(answer.replaceAll(' ', ''));
  return ` ${quoted} `.includes(` ${answer} `);
}

const normalise = (text: string) =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ')
    .trim();
