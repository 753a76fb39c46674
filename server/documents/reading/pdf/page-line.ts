import type { Fragment } from './read-page.ts';

type Extent = { text: string; x: number; right: number };

/** Text that a wide gap separates from its neighbours, as in a table. */
export type LineCell = Extent & {
  /** What smaller gaps separate: words of justified text, or cells of a table that stand close. */
  parts: Extent[];
};

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

/** In parts of the font size: a narrower gap is a word's own; a wider one than the second separates cells,
 * one than the third may do so in a table. */
const NARROWEST_SPACE = 0.16;
const NARROWEST_CELL_GAP = 1.1;
const NARROWEST_PART_GAP = 0.5;

/** "Fees … 12": an entry of a table of contents, its dot leaders made one. */
export const contentsEntry = / … ?[\divxlc]+$/i;

/** Puts the fragments of a line together. They are neither empty nor from different lines. */
export function makeLine(fragments: Fragment[], column: Column): PageLine {
  const sorted = fragments.toSorted((a, b) => a.x - b.x);
  const main = mainFragment(fragments);
  const isRightToLeft = sorted.filter(one => one.isRightToLeft).length * 2 > sorted.length;
  const toExtent = (group: Fragment[]): Extent => ({
    text: joinFragments(group, isRightToLeft),
    x: group[0]?.x ?? 0,
    right: rightOf(group),
  });
  const cells = splitAtGaps(sorted, NARROWEST_CELL_GAP * main.size).map(group => ({
    ...toExtent(group),
    parts: splitAtGaps(group, NARROWEST_PART_GAP * main.size).map(toExtent),
  }));
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

const rightOf = (fragments: Fragment[]) =>
  fragments.reduce((right, { x, width }) => Math.max(right, x + width), 0);

/** @param sorted from the left to the right. */
function splitAtGaps(sorted: Fragment[], widest: number): Fragment[][] {
  const groups: Fragment[][] = [];
  let right = Number.NEGATIVE_INFINITY;
  for (const fragment of sorted) {
    if (fragment.x - right > widest) groups.push([fragment]);
    else groups.at(-1)?.push(fragment);
    right = Math.max(right, fragment.x + fragment.width);
  }
  return groups;
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
    if (before && needsSpace(before, fragment, isRightToLeft)) text += ' ';
    text += fragment.text;
    before = fragment;
  }
  // Dot leaders.
  return text
    .replace(/(?:\s?[.·…]){5,}/g, ' … ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** In text from the right to the left, files have their spaces on either side: only the gap tells. */
function needsSpace(before: Fragment, after: Fragment, isRightToLeft: boolean): boolean {
  const [left, right] = before.x <= after.x ? [before, after] : [after, before];
  const gap = right.x - (left.x + left.width);
  return (after.isAfterSpace && !isRightToLeft) || gap > NARROWEST_SPACE * Math.min(left.size, right.size);
}
