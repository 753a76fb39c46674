import { normaliseTitle } from './heading-levels.ts';
import type { PageLine } from './page-line.ts';
import { pageNumbersIn } from './page-numbers.ts';

/** What is on fewer pages may be content: two invoices, a letter and its copy. */
const FEWEST_PAGES = 3;
/** From one page to the next that has the line: headers of left and right pages alternate. */
const WIDEST_STEP = 2;
/** On so many pages numbers must follow each other that are not those of the file's pages. */
const FEWEST_COUNTED = 5;
/** By how much printed page numbers differ from those of the file where words stand beside them. */
const WIDEST_SHIFT = 100;
/** In parts of the largest type that is no heading's. */
const SMALL = 0.85;
/** The share of the text that must be left. */
const LEAST_LEFT = 0.3;
/** Lines from the top and from the bottom that may be running headers and footers. */
const EDGE_LINES = 3;
/** Points by which a header may wander. */
const TOLERANCE = 8;
/** In parts of the font size: what is nearer to the next line belongs to it. */
const SET_APART = 1.8;

/** One way to see a line as furniture: what must be the same on the other pages, and what it says besides. */
type Sign = { key: string; stem: string; shift: number | undefined };

/**
 * Leaves out running headers, footers and page numbers: lines at the top or bottom that are the same to the letter
 * on neighbouring pages, or differ only in the page's number. What they say stays once where nothing else says it,
 * and everything stays when little else would be left: then the pages are alike.
 *
 * @param mostSize what is larger may be a heading.
 */
export function withoutFurniture(pages: PageLine[][], mostSize: number): PageLine[][] {
  const withText = pages.filter(lines => lines.length > 0).length;
  const furniture =
    withText < FEWEST_PAGES ? findPlainNumbers(pages, mostSize) : findFurniture(pages, mostSize);
  for (const line of firstOfTheirKind(pages, furniture)) furniture.delete(line);
  const left = pages.map(lines => lines.filter(line => !furniture.has(line)));
  return textLength(left) < LEAST_LEFT * textLength(pages) ? pages : left;
}

/** With what each of the lines says apart from the page's number. */
function findFurniture(pages: PageLine[][], mostSize: number): Map<PageLine, string> {
  const edges = pages.map((lines, index) =>
    edgeLines(lines, mostSize).map(line => ({ line, signs: signsOf(line, index) })),
  );
  const pagesOf = new Map<string, number[]>();
  const pagesOfShift = new Map<number, number>();
  for (const [index, lines] of edges.entries()) {
    const signs = lines.flatMap(line => line.signs);
    for (const key of new Set(signs.map(sign => sign.key))) {
      const indexes = pagesOf.get(key);
      if (indexes) indexes.push(index);
      else pagesOf.set(key, [index]);
    }
    for (const shift of new Set(signs.map(sign => sign.shift)))
      if (shift !== undefined) pagesOfShift.set(shift, (pagesOfShift.get(shift) ?? 0) + 1);
  }
  const repeated = new Set([...pagesOf].filter(([, indexes]) => isOnNeighbours(indexes)).map(([key]) => key));
  const isFurniture = ({ key, shift }: Sign) =>
    repeated.has(key) && (!shift || (pagesOfShift.get(shift) ?? 0) >= FEWEST_COUNTED);
  const found = new Map<PageLine, string>();
  for (const { line, signs } of edges.flat()) {
    const sign = signs.find(isFurniture);
    if (sign) found.set(line, sign.stem);
  }
  return found;
}

/** "- 2 -" on the second page is nothing else. */
function findPlainNumbers(pages: PageLine[][], mostSize: number): Map<PageLine, string> {
  const numbers = pages.map((lines, index) =>
    edgeLines(lines, mostSize).filter(
      ({ text }) => Number(/^[-–—] ?(\d+) ?[-–—]$/.exec(text)?.[1]) === index + 1,
    ),
  );
  return new Map(numbers.flat().map(line => [line, '']));
}

/** @param indexes of pages, in their order. */
const isOnNeighbours = (indexes: number[]) =>
  indexes.some((index, at) => {
    const [next, last] = [indexes[at + 1], indexes[at + FEWEST_PAGES - 1]];
    return (
      next !== undefined && last !== undefined && next - index <= WIDEST_STEP && last - next <= WIDEST_STEP
    );
  });

function signsOf(line: PageLine, index: number): Sign[] {
  const text = line.text.replace(/\s+/g, ' ');
  const places = placesOf(line);
  const same = places.map(place => ({ key: `${place} ${text}`, stem: text, shift: undefined }));
  const counted = pageNumbersIn(text).flatMap(({ value, stem }): Sign[] => {
    const shift = value - index - 1;
    // A page number that stands alone may be at the top of some pages and at the bottom of others.
    if (!/[\p{L}\p{N}]/u.test(stem)) return [{ key: `number ${shift}`, stem: '', shift: undefined }];
    if (Math.abs(shift) > WIDEST_SHIFT) return [];
    return places.map(place => ({ key: `${place} ${shift} ${stem}`, stem, shift }));
  });
  return [...same, ...counted];
}

/**
 * Of lines that say the same the first, where nothing that is left says it: a letter's head may be the only place
 * with a name. Not "Page 1 of 12".
 */
function firstOfTheirKind(pages: PageLine[][], furniture: Map<PageLine, string>): PageLine[] {
  const said = new Set(
    pages.flatMap(lines => lines.filter(line => !furniture.has(line)).map(line => normaliseTitle(line.text))),
  );
  const first: PageLine[] = [];
  for (const [line, stem] of furniture) {
    const isCounted = stem !== line.text;
    const words = stem.match(/\p{L}{4,}/gu)?.length ?? 0;
    const key = normaliseTitle(stem);
    if (said.has(key) || (isCounted && words < 2)) continue;
    said.add(key);
    first.push(line);
  }
  return first;
}

/** At both ends of a page those that a gap separates from the others, or that are in smaller type. */
function edgeLines(lines: PageLine[], mostSize: number): PageLine[] {
  const byHeight = lines.toSorted((a, b) => a.y - b.y);
  const fromBelow = byHeight.toReversed();
  const apart = new Set([...apartFromRest(byHeight), ...apartFromRest(fromBelow)]);
  const ends = new Set([...byHeight.slice(0, EDGE_LINES), ...fromBelow.slice(0, EDGE_LINES)]);
  return [...ends].filter(line => line.size < SMALL * mostSize || apart.has(line));
}

function apartFromRest(lines: PageLine[]): PageLine[] {
  const gapAfter = (index: number) => {
    const [line, next] = [lines[index], lines[index + 1]];
    return line && next ? Math.abs(next.y - line.y) / Math.max(line.size, next.size) : 0;
  };
  const last = [0, 1, 2].find(index => gapAfter(index) >= SET_APART);
  return last === undefined ? [] : lines.slice(0, last + 1);
}

const textLength = (pages: PageLine[][]) => pages.flat().reduce((sum, { text }) => sum + text.length, 0);

/** Two, so that what stands on the edge of one grid is well within the other. */
const placesOf = ({ y }: PageLine) => [0, 0.5].map(shift => `${shift}:${Math.floor(y / TOLERANCE + shift)}`);
