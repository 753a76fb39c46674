import type { Fragment } from './read-page.ts';

/** Text that a wide gap separates from its neighbours, as in a table. */
export type LineCell = { text: string; x: number; right: number };

/** The part of a page's width that lines stand in. */
export type Column = { left: number; right: number };

export type PageLine = {
  cells: LineCell[];
  text: string;
  x: number;
  right: number;
  y: number;
  /** Of most of its text. */
  size: number;
  font: string;
  isMonospace: boolean;
  column: Column;
};

/** In parts of the font size: a narrower gap is a word's own; a wider one than the second separates cells. */
const NARROWEST_SPACE = 0.16;
const NARROWEST_CELL_GAP = 1.1;

/** "Fees … 12": an entry of a table of contents, its dot leaders made one. */
export const contentsEntry = / … ?[\divxlc]+$/i;

/** Puts the fragments of a line together. They are neither empty nor from different lines. */
export function makeLine(fragments: Fragment[], column: Column): PageLine {
  const sorted = fragments.toSorted((a, b) => a.x - b.x);
  const main = mainFragment(fragments);
  const cells: LineCell[] = [];
  const parts: Fragment[][] = [];
  for (const fragment of sorted) {
    const cell = cells.at(-1);
    const gap = cell ? fragment.x - cell.right : Number.POSITIVE_INFINITY;
    const right = fragment.x + fragment.width;
    if (cell && gap <= NARROWEST_CELL_GAP * main.size) {
      parts.at(-1)?.push(fragment);
      cell.right = Math.max(cell.right, right);
    } else {
      cells.push({ text: '', x: fragment.x, right });
      parts.push([fragment]);
    }
  }
  const isRightToLeft = sorted.filter(one => one.isRightToLeft).length * 2 > sorted.length;
  for (const [index, cell] of cells.entries()) cell.text = joinFragments(parts[index] ?? [], isRightToLeft);
  const texts = cells.map(({ text }) => text);
  return {
    cells,
    text: (isRightToLeft ? texts.reverse() : texts).join(' '),
    x: cells[0]?.x ?? 0,
    right: cells.reduce((right, cell) => Math.max(right, cell.right), 0),
    y: main.y,
    size: main.size,
    font: main.font,
    isMonospace: fragments.every(one => one.isMonospace),
    column,
  };
}

/** The one that stands for the line: of the font and size of most of its text. */
function mainFragment(fragments: Fragment[]): Fragment {
  const lengths = new Map<string, number>();
  const keyOf = ({ font, size }: Fragment) => `${font} ${size.toFixed(1)}`;
  for (const fragment of fragments)
    lengths.set(keyOf(fragment), (lengths.get(keyOf(fragment)) ?? 0) + fragment.text.length);
  return fragments.reduce((best, one) =>
    (lengths.get(keyOf(one)) ?? 0) > (lengths.get(keyOf(best)) ?? 0) ? one : best,
  );
}

function joinFragments(fragments: Fragment[], isRightToLeft: boolean): string {
  const ordered = isRightToLeft ? fragments.toReversed() : fragments;
  let text = '';
  let before: Fragment | undefined;
  for (const fragment of ordered) {
    if (before && needsSpace(before, fragment)) text += ' ';
    text += fragment.text;
    before = fragment;
  }
  // Dot leaders.
  return text
    .replace(/(?:\s?[.·…]){5,}/g, ' … ')
    .replace(/\s+/g, ' ')
    .trim();
}

function needsSpace(before: Fragment, after: Fragment): boolean {
  const [left, right] = before.x <= after.x ? [before, after] : [after, before];
  const gap = right.x - (left.x + left.width);
  return after.isAfterSpace || gap > NARROWEST_SPACE * Math.min(left.size, right.size);
}
