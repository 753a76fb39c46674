import { type Fields, isFields, isNumber, readEntries } from './json-fields.ts';

/** How one set is answered by quotes, as `lectern evaluate --answers --json` saves it. Shares are 0–100. */
export type AnswersEntry = {
  set: string;
  answerable: number;
  unanswerable: number;
  /** Of the check of the evidence, 0 to 1. */
  auc: number;
  /** Of the answerable questions: the answer stands in the best 1, 2 or 3 sentences. */
  inSentences: number[];
  inQuotes: number;
  refused: number;
  wronglyRefused: number;
  /** What is refused of questions without an answer, by what is refused of those with one. */
  curve: { wrongRefusals: number; refused: number }[];
};

/** Undefined for any other text. */
export const readAnswersReport = (text: string): AnswersEntry[] | undefined => readEntries(text, toEntry);

function toEntry(entry: Fields): AnswersEntry | undefined {
  const { set, answerable, unanswerable, auc, inSentences, inQuotes, refused, wronglyRefused, curve } = entry;
  if (typeof set !== 'string' || !Array.isArray(inSentences) || !Array.isArray(curve)) return undefined;
  const numbers = [answerable, unanswerable, auc, inQuotes, refused, wronglyRefused, ...inSentences];
  const points = curve.flatMap(toPoint);
  if (!numbers.every(isNumber) || points.length !== curve.length) return undefined;
  return {
    set,
    answerable: Number(answerable),
    unanswerable: Number(unanswerable),
    auc: Number(auc),
    inSentences: inSentences.map(Number),
    inQuotes: Number(inQuotes),
    refused: Number(refused),
    wronglyRefused: Number(wronglyRefused),
    curve: points,
  };
}

function toPoint(point: unknown): AnswersEntry['curve'] {
  if (!isFields(point) || !isNumber(point.wrongRefusals) || !isNumber(point.refused)) return [];
  return [{ wrongRefusals: point.wrongRefusals, refused: point.refused }];
}
