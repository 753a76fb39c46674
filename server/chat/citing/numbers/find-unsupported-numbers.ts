import { agree } from '../aligning/compare-quantities.ts';
import { findQuantities, isCount } from './find-quantities.ts';

type Range = { start: number; end: number };

const listNumber = /^\s*(?:>\s*)*\d{1,3}[.)]$/;

/**
 * The numbers of an answer that none of the texts states. Left out: code, markers, numbers of lists, and small
 * ones in letters that have no unit.
 *
 * @param texts of the sources, with the question.
 */
export function findUnsupportedNumbers(
  answer: string,
  leftOut: readonly Range[],
  texts: readonly string[],
): (Range & { text: string })[] {
  const claimed = findQuantities(answer).filter(
    quantity =>
      !leftOut.some(range => quantity.start < range.end && range.start < quantity.end) &&
      !isListNumber(answer, quantity) &&
      !isCount(quantity),
  );
  if (claimed.length === 0) return [];
  const stated = texts.flatMap(findQuantities);
  return claimed
    .filter(quantity => !stated.some(other => agree(quantity, other)))
    .map(({ start, end }) => ({ text: answer.slice(start, end), start, end }));
}

/** No list is indented further; looking for the start of a very long line at each of its numbers would take long. */
const mostIndent = 80;

function isListNumber(answer: string, { start, end }: Range): boolean {
  const before = answer.slice(Math.max(0, start - mostIndent), start);
  const lineStart = before.lastIndexOf('\n') + 1;
  if (lineStart === 0 && start > mostIndent) return false;
  return listNumber.test(before.slice(lineStart) + answer.slice(start, end + 1));
}
