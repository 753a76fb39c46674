import type { PageLine } from './page-line.ts';

const FEWEST_PAGES = 5;
/** The share of the text that must be left. */
const LEAST_LEFT = 0.3;
const SHARE_OF_PAGES = 0.6;
/** On so many pages the lines beside a page number stand in the same place. */
const FEWEST_HEADERS = 3;
/** Lines from the top and from the bottom that may be running headers and footers. */
const EDGE_LINES = 3;
/** Points by which a header may wander. */
const TOLERANCE = 8;

/** In parts of the font size: what is nearer to the next line belongs to it. */
const SET_APART = 1.8;

/**
 * Leaves out running headers, footers and page numbers, and nothing when little else would be left: then the pages
 * are alike.
 *
 * @param mostSize what is larger may be a heading.
 */
export function withoutFurniture(pages: PageLine[][], mostSize: number): PageLine[][] {
  const isOnMost = findOnMostPages(pages, mostSize);
  const isRepeated = findRepeated(pages);
  const left = pages.map((lines, index) => {
    const dropped = new Set(
      edgeLines(lines).filter(line => isOnMost(line, index) || isRepeated(line, index)),
    );
    return lines.filter(line => !dropped.has(line));
  });
  return textLength(left) < LEAST_LEFT * textLength(pages) ? pages : left;
}

type IsFurniture = (line: PageLine, index: number) => boolean;

/**
 * Lines at the top or bottom that are the same but for their digits near the same place on most of many pages, and
 * those with the page's number (a chapter's title beside it changes).
 */
function findOnMostPages(pages: PageLine[][], mostSize: number): IsFurniture {
  const withText = pages.filter(lines => lines.length > 0).length;
  if (withText < FEWEST_PAGES) return () => false;
  const most = SHARE_OF_PAGES * withText;
  const edges = pages.map(lines => edgeLines(lines).filter(({ size }) => size <= mostSize));
  const counts = countKeys(edges);
  const isOn = (key: string, fewest: number) => (counts.get(key) ?? 0) >= fewest;
  return (line, index) =>
    line.size <= mostSize &&
    (textKeys(line).some(key => isOn(key, most)) ||
      numberKeys(line, index).some(
        ({ offset, place }) =>
          isOn(offset, most) && (/^\W*\d+\W*$/.test(line.text) || isOn(place, FEWEST_HEADERS)),
      ));
}

/**
 * Lines that stand apart at the top or bottom of all pages, also of few and in large type. Where only their digits
 * change they are left out; else they are kept once, as a letter's head may be the only place with a name. Also a
 * page's number that stands there alone.
 */
function findRepeated(pages: PageLine[][]): IsFurniture {
  const withText = pages.filter(lines => lines.length > 0).length;
  const apart = pages.map(linesSetApart);
  const counts = countKeys(apart.map(lines => [...lines]));
  const texts = Map.groupBy(
    apart.flatMap(lines => [...lines]),
    ({ text }) => text,
  );
  const seen = new Set<string>();
  return (line, index) => {
    if (!apart[index]?.has(line)) return false;
    if (/^\W*\d+\W*$/.test(line.text) && Number(/\d+/.exec(line.text)) === index + 1) return true;
    if (withText < 2 || !textKeys(line).some(key => counts.get(key) === withText)) return false;
    const isCounted = texts.get(line.text)?.length === 1;
    const isFirst = !seen.has(line.text);
    seen.add(line.text);
    return isCounted || !isFirst;
  };
}

/** The lines at both ends of a page that a gap separates from the others. */
function linesSetApart(lines: PageLine[]): Set<PageLine> {
  const byHeight = lines.toSorted((a, b) => a.y - b.y);
  return new Set([...apartFromRest(byHeight), ...apartFromRest(byHeight.reverse())]);
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

function edgeLines(lines: PageLine[]): PageLine[] {
  const byHeight = lines.toSorted((a, b) => a.y - b.y);
  return [...new Set([...byHeight.slice(0, EDGE_LINES), ...byHeight.slice(-EDGE_LINES)])];
}

/** On how many pages each key occurs. */
function countKeys(edges: PageLine[][]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const [index, lines] of edges.entries()) {
    const keys = lines.flatMap(line => [
      ...textKeys(line),
      ...numberKeys(line, index).flatMap(({ offset, place }) => [offset, place]),
    ]);
    for (const key of new Set(keys)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

function textKeys(line: PageLine): string[] {
  const pattern = line.text.replace(/\d+/g, '#').replace(/\s+/g, ' ').toLowerCase();
  return placesOf(line).map(place => `${place} ${pattern}`);
}

/** For a number at the start or the end of a line: how far it is from the page's index. */
function numberKeys(line: PageLine, index: number): { offset: string; place: string }[] {
  const numbers = [/^\W*(\d{1,5})(?!\S)/, /(?<!\S)(\d{1,5})\W*$/].map(
    pattern => pattern.exec(line.text)?.[1],
  );
  return numbers
    .filter(number => number !== undefined)
    .flatMap(number => {
      const offset = `number ${Number(number) - index}`;
      return placesOf(line).map(place => ({ offset, place: `${offset} ${place}` }));
    });
}

/** Two, so that what stands on the edge of one grid is well within the other. */
const placesOf = ({ y }: PageLine) => [0, 0.5].map(shift => `${shift}:${Math.floor(y / TOLERANCE + shift)}`);
