/** How language models write that a claim comes from source n. */

/** What stands in front of the number in "[Source 1]". */
const labels = [
  'source',
  'sources',
  'quelle',
  'quellen',
  'fuente',
  'fuentes',
  'fonte',
  'fonti',
  '来源',
  '來源',
  '出典',
  '資料',
  '资料',
];
const label = `(?:(?:${labels.join('|')})[\\s:：]*)?`;
/** More digits are a year or another number of the text. */
const number = '[0-9０-９]{1,3}';
const between = '\\s*(?:[,;，、&]|[-–—]|\\.\\.)\\s*';
/** "【1†source】", as models of OpenAI write. */
const dagger = '(?:†[^\\]】］\\n]{0,40})?';

const opening = '[[【［]';
const closing = '[\\]】］]';
const blanks = '[ \\t\\u00a0]*';

const whole = new RegExp(
  `(${blanks})${opening}\\s?\\^?${label}(${number}(?:${between}${number})*)${dagger}\\s?${closing}`,
  'iuy',
);
const beginning = new RegExp(
  `^${blanks}(?:$|${opening}\\s?\\^?(?:$|${label}(?:${number}(?:${between}${number})*(?:${between}|${dagger}\\s?|\\s*\\.)?)?$))`,
  'iu',
);
const labelBeginning = new RegExp(`^${blanks}${opening}\\s?\\^?(\\p{L}+)$`, 'iu');

export type FoundMarker = {
  /** White space before the marker. */
  blanks: string;
  /** Length with the white space. */
  length: number;
  /** In reading order; ranges are written out. */
  numbers: number[];
};

/** The marker that begins at `index`, with the white space before it. */
export function markerAt(text: string, index: number): FoundMarker | undefined {
  whole.lastIndex = index;
  const match = whole.exec(text);
  if (!match) return undefined;
  const [all, before = '', list = ''] = match;
  return { blanks: before, length: all.length, numbers: readNumbers(list) };
}

/** Whether more text could make a marker of this. */
export function mayBecomeMarker(text: string): boolean {
  if (beginning.test(text)) return true;
  const letters = labelBeginning.exec(text)?.[1]?.toLowerCase();
  return letters !== undefined && labels.some(one => one.startsWith(letters));
}

/** A longer range is an invention; its ends say so as well as all of it. */
const longestRange = 20;

function readNumbers(list: string): number[] {
  const digits = list.normalize('NFKC').replace(/\s+/g, '');
  return digits.split(/[,;、&]/).flatMap(part => {
    const [first = 0, last = first] = part.split(/[-–—]|\.\./).map(Number);
    if (last <= first || last - first > longestRange) return last === first ? [first] : [first, last];
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}
