import { type Column, makeLine, type PageLine } from './page-line.ts';
import type { Fragment } from './read-page.ts';

type Segment = { left: number; right: number; size: number };
type Row = { fragments: Fragment[]; segments: Segment[]; main: Fragment };

/** Columns within columns are looked for this deep: four columns. */
const DEEPEST_SPLIT = 2;
/** Points. */
const BIN = 2;
const NARROWEST_GUTTER = 6;
const FEWEST_ROWS = 5;
/** In parts of the font size: cells of a table that are all alike are narrower. */
const NARROWEST_COLUMN = 11;

/**
 * The lines of a page in the order of reading: from the top down, and where there are columns, each from its top to
 * its bottom between the lines that run across them.
 */
export function orderLines(fragments: Fragment[], depth = 0): PageLine[] {
  if (fragments.length === 0) return [];
  const rows = groupRows(fragments);
  const column = extentOf(rows.flatMap(({ segments }) => segments));
  const gutter = depth < DEEPEST_SPLIT ? findGutter(rows, column) : undefined;
  if (gutter === undefined) return rows.map(row => makeLine(row.fragments, column));
  const isLeft = ({ x, width }: Fragment) => x + width / 2 < gutter;
  return bandsOf(rows, gutter).flatMap(({ isAcross, rows }) => {
    if (isAcross) return rows.map(row => makeLine(row.fragments, column));
    const inside = rows.flatMap(row => row.fragments);
    const [left, right] = [inside.filter(isLeft), inside.filter(one => !isLeft(one))];
    return [orderLines(left, depth + 1), orderLines(right, depth + 1)].flat();
  });
}

/** Stretches of rows that run across the gutter, and of those that don't. */
function bandsOf(rows: Row[], gutter: number): { isAcross: boolean; rows: Row[] }[] {
  const bands: { isAcross: boolean; rows: Row[] }[] = [];
  for (const row of rows) {
    const isAcross = row.segments.some(({ left, right }) => left < gutter && right > gutter);
    const band = bands.at(-1);
    if (band?.isAcross === isAcross) band.rows.push(row);
    else bands.push({ isAcross, rows: [row] });
  }
  return bands;
}

/** What stands on one line, raised and lowered characters included. */
function groupRows(fragments: Fragment[]): Row[] {
  const rows: Row[] = [];
  for (const fragment of fragments.toSorted((a, b) => a.y - b.y || a.x - b.x)) {
    const row = rows.at(-1);
    if (row && Math.abs(fragment.y - row.main.y) <= 0.55 * Math.min(fragment.size, row.main.size)) {
      row.fragments.push(fragment);
      if (fragment.size > row.main.size) row.main = fragment;
    } else rows.push({ fragments: [fragment], segments: [], main: fragment });
  }
  for (const row of rows) row.segments = segmentsOf(row);
  return rows;
}

function segmentsOf({ fragments }: Row): Segment[] {
  const segments: Segment[] = [];
  for (const { x, width, size } of fragments.toSorted((a, b) => a.x - b.x)) {
    const last = segments.at(-1);
    // By the smaller type: beside a heading of the next column the gutter is narrow.
    if (last && x - last.right < Math.min(size, last.size) * 0.8) {
      last.right = Math.max(last.right, x + width);
      last.size = Math.max(last.size, size);
    } else segments.push({ left: x, right: x + width, size });
  }
  return segments;
}

function extentOf(segments: Segment[]): Column {
  let [left, right] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const segment of segments) {
    left = Math.min(left, segment.left);
    right = Math.max(right, segment.right);
  }
  return { left, right };
}

/**
 * The x that separates two columns of prose, if there is one: hardly any line crosses it, and on both of its sides
 * lines fill their column. Cells of a table mostly don't, and are to stay in their rows.
 */
function findGutter(rows: Row[], column: Column): number | undefined {
  const width = column.right - column.left;
  // A page with text far outside of its edges would have as many bins as it likes.
  if (rows.length < FEWEST_ROWS || !(width > 0 && width < 20_000)) return undefined;
  const from = column.left + width * 0.2;
  const crossings = new Uint32Array(Math.ceil((width * 0.6) / BIN));
  for (const { segments } of rows)
    for (const { left, right } of segments) {
      const last = Math.min(crossings.length - 1, Math.ceil((right - from) / BIN) - 1);
      for (let bin = Math.max(0, Math.floor((left - from) / BIN)); bin <= last; bin++)
        crossings[bin] = (crossings[bin] ?? 0) + 1;
    }
  const run = widestLowRun(crossings);
  if (run.length * BIN < NARROWEST_GUTTER) return undefined;
  const gutter = from + (run.start + run.length / 2) * BIN;
  const isColumn =
    isProse(rows.map(({ segments }) => segments.filter(({ right }) => right <= gutter))) &&
    isProse(rows.map(({ segments }) => segments.filter(({ left }) => left >= gutter)));
  return isColumn ? gutter : undefined;
}

/** The longest of the stretches that the fewest lines cross. */
function widestLowRun(crossings: Uint32Array): { start: number; length: number } {
  const lowest = crossings.reduce((low, one) => Math.min(low, one), Number.POSITIVE_INFINITY);
  let best = { start: 0, length: 0 };
  let length = 0;
  for (const [bin, crossing] of crossings.entries()) {
    length = crossing <= lowest ? length + 1 : 0;
    if (length > best.length) best = { start: bin - length + 1, length };
  }
  return best;
}

/** Whether most rows fill their column. Tables and formulas within it are rows of small pieces. */
function isProse(rows: Segment[][]): boolean {
  const withText = rows.filter(segments => segments.length > 0);
  if (withText.length < FEWEST_ROWS) return false;
  const { left, right } = extentOf(withText.flat());
  const widest = withText.map(segments =>
    segments.reduce((most, one) => (one.right - one.left > most.right - most.left ? one : most)),
  );
  const usual = widest.toSorted((a, b) => a.right - a.left - (b.right - b.left))[widest.length >>> 1];
  if (!usual) return false;
  const width = usual.right - usual.left;
  return width >= 0.6 * (right - left) && width >= NARROWEST_COLUMN * usual.size;
}
