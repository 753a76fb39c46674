import { type Unit, unitOf } from './measure-units.ts';
import { monthNames, readMonth } from './month-names.ts';
import { magnitudes, numberWordPattern, readNumberWord } from './number-words.ts';

/** A number that a text states. Offsets in its UTF-16 units. */
export type Quantity = {
  start: number;
  end: number;
  /**
   * What it may mean, in one form for all spellings: "1,000" is "1000" or, by a comma that is a decimal sign,
   * "1". A month is "month 5", so that no number is taken for one.
   */
  values: string[];
  unit: Unit | undefined;
  /** Written in letters. */
  isWord: boolean;
};

/** A small number in letters without a unit mostly counts what follows it: "there are three ways". */
const mostCounted = 12;

export function isCount({ isWord, unit, values }: Quantity): boolean {
  return isWord && !unit && values.every(value => Number(value) <= mostCounted);
}

const digits = String.raw`(?<!\d)\d{1,3}(?:[\u00a0\u2009\u202f' ]\d{3}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,]\d+)*`;
const makePattern = () =>
  new RegExp(
    [
      // 2023-05-17, 17.05.2023, 5/17/2023
      String.raw`(?<year>\b[12]\d{3})[-/](?<isoMonth>0?[1-9]|1[0-2])[-/](?<isoDay>0?[1-9]|[12]\d|3[01])(?!\d)`,
      String.raw`(?<![\d.])(?<one>0?[1-9]|[12]\d|3[01])(?<dateSign>[./-])(?<two>0?[1-9]|[12]\d|3[01])\k<dateSign>(?<lastYear>[12]\d{3})(?!\d)`,
      String.raw`(?<![\d:])(?<hour>[01]?\d|2[0-3]):(?<minute>[0-5]\d)(?!\d)(?:\s*(?<half>[ap])\.?m\b)?`,
      String.raw`(?<monthAfter>(?<=\d\.?\s|\dth\s|\dst\s|\dnd\s|\drd\s|\bde\s)(?:${monthNames().pattern})(?!\p{L}))`,
      String.raw`(?<monthBefore>(?<!\p{L})(?:${monthNames().pattern})(?=[.,]?\s+(?:de\s+)?\d))`,
      `(?<number>${digits})`,
      String.raw`(?<word>(?<![\p{L}\d-])(?:${numberWordPattern})(?:-\p{L}+)?(?![\p{L}-]))`,
    ].join('|'),
    'giu',
  );
let pattern: RegExp | undefined;
const unitBefore = /(?:US\$|[$€£¥]|\b(?:EUR|USD|GBP|CHF|JPY))\s?$/;
const unitAfter = /^[\s\u00a0\u202f-]?\s?(per cent|por ciento|pour cent|°\s?[CF]\b|[%‰€$£％]|\p{L}+)/iu;
const magnitudeAfter = /^[\s\u00a0\u202f-]?\s?(\p{L}+|[万萬亿億])\.?/u;

/** The numbers of a text in reading order; dates come as year, month and day. */
export function findQuantities(text: string): Quantity[] {
  const found: Quantity[] = [];
  pattern ??= makePattern();
  for (const match of text.matchAll(pattern)) {
    const start = match.index;
    const end = start + match[0].length;
    const groups = match.groups ?? {};
    if (groups.word !== undefined) {
      const value = readNumberWord(groups.word);
      if (value === undefined) continue;
      const written = { values: [String(value)], isWord: true, start, end };
      found.push(withSurroundings(text, written));
    } else if (groups.number !== undefined) {
      const written = { values: readDigits(groups.number), isWord: false, start, end };
      found.push(withSurroundings(text, written));
    } else
      for (const values of readDate(groups))
        found.push({ start, end, values, unit: undefined, isWord: false });
  }
  return found;
}

/** The values of each part of a date or time. */
function readDate(groups: Record<string, string | undefined>): string[][] {
  const { year, isoMonth, isoDay, one, two, lastYear, hour, minute, half, monthAfter, monthBefore } = groups;
  const month = (value: string | undefined) => `month ${Number(value)}`;
  const plain = (value: string | undefined) => String(Number(value));
  if (year !== undefined) return [[year], [month(isoMonth), plain(isoMonth)], [plain(isoDay)]];
  if (lastYear !== undefined)
    // Day and month in either order.
    return [[plain(one), month(one)], [month(two), plain(two)], [lastYear]];
  if (hour !== undefined) {
    const late = half?.toLowerCase() === 'p' && Number(hour) < 12 ? 12 : 0;
    return [[`${Number(hour) + late}:${minute}`]];
  }
  return [[`month ${readMonth(monthAfter ?? monthBefore ?? '')}`]];
}

function withSurroundings(text: string, written: Omit<Quantity, 'unit'>): Quantity {
  let { values, end } = written;
  const factor = magnitudeAfter.exec(text.slice(end, end + 24));
  const times = magnitudes[factor?.[1]?.toLowerCase() ?? ''];
  if (factor && times !== undefined) {
    values = values.map(value => plainNumber(Number(value) * times));
    end += factor[0].length;
  }
  const [, after = ''] = unitAfter.exec(text.slice(end, end + 24)) ?? [];
  const [before = ''] = unitBefore.exec(text.slice(Math.max(0, written.start - 5), written.start)) ?? [];
  const spelled = /^(?:per|por|pour) /i.test(after) ? 'percent' : after.replace(/\s/g, '');
  return { ...written, values, end, unit: unitOf(spelled) ?? unitOf(before.trim()) };
}

/** A number in digits, whichever of point and comma its writer takes for the decimal sign. */
function readDigits(written: string): string[] {
  const spaceless = written.replace(/[\u00a0\u2009\u202f' ]/g, '');
  const signs = spaceless.replace(/\d/g, '');
  if (signs === '') return [withoutZeros(spaceless)];
  const last = Math.max(spaceless.lastIndexOf('.'), spaceless.lastIndexOf(','));
  const whole = spaceless.slice(0, last).replace(/[.,]/g, '');
  const decimals = spaceless.slice(last + 1);
  const isMixed = new Set(signs).size > 1;
  if (signs.length > 1 && !isMixed)
    return /^\d{1,3}(?:[.,]\d{3})+$/.test(spaceless) ? [withoutZeros(whole + decimals)] : [spaceless];
  const asDecimal = plainNumber(Number(`${whole}.${decimals}`));
  const mayBeGrouped = !isMixed && decimals.length === 3 && /^[1-9]\d{0,2}$/.test(whole);
  return mayBeGrouped ? [whole + decimals, asDecimal] : [asDecimal];
}

/** A number with leading zeros is a code as well, and not of the same value as the one without. */
const withoutZeros = (number: string) => (/^0\d/.test(number) ? number : number.replace(/^0+(?=\d)/, ''));

const plainNumber = (value: number) => String(Number(value.toPrecision(12)));
