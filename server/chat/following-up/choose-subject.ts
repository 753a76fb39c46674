import { segmentSentences } from '../../embedding/segment-sentences.ts';
import { foldText } from '../../lexical/analysis/fold-text.ts';

const SHORTEST_HEADING = 3;
/** UTF-16 units; what is longer is hardly read on a button. */
const LONGEST = 90;
const SHORTEST_SENTENCE = 25;

/** A heading as one says it, without its number; undefined for one that names nothing. */
export function headingSubject(heading: string): string | undefined {
  const subject = onOneLine(heading)
    .replace(/^(?:(?:§\s*)?\d+(?:\.\d+)*[.)]?|[A-Z][.)]|[IVXLC]+\.)\s+/u, '')
    .replace(/[\s:.]+$/u, '');
  return subject.length >= SHORTEST_HEADING && subject.length <= LONGEST && /\p{L}/u.test(subject)
    ? subject
    : undefined;
}

/** The first sentence of a stretch of text that is whole: the stretch begins within one, and may end so. */
export function sentenceSubject(
  text: string,
  { isCutOff }: { isCutOff: boolean },
): { subject: string; start: number; end: number } | undefined {
  for (const { start, end } of segmentSentences(text).slice(1, isCutOff ? -1 : undefined)) {
    const subject = onOneLine(text.slice(start, end)).replace(/[\s.]+$/u, '');
    if (subject.length >= SHORTEST_SENTENCE && subject.length <= LONGEST)
      return { subject, start, end: start + text.slice(start, end).trimEnd().length };
  }
  return undefined;
}

const onOneLine = (text: string) => text.toWellFormed().replace(/\s+/gu, ' ').trim();

/** Whether one of the questions has named the subject already. */
export function isAsked(subject: string, questions: string[]): boolean {
  const wanted = toWords(subject);
  return questions.some(question => ` ${toWords(question)} `.includes(` ${wanted} `));
}

const toWords = (text: string) =>
  foldText(text)
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
