import type { Block } from '../reading/parsed-document.ts';
import { commonAncestor, outlineRoot } from './outline-node.ts';
import { passageRuns } from './passage-runs.ts';
import { fits, type PassageLimits } from './passage-units.ts';
import { type Place, type PlacedUnit, structureUnits } from './structure-units.ts';

/** A part of a document that is embedded and indexed: `text.slice(start, end)`. */
export type Passage = {
  /** Offset of the first UTF-16 unit. */
  start: number;
  /** Offset after the last UTF-16 unit. */
  end: number;
  /** Word pieces of the embedding model, without special tokens. */
  pieceCount: number;
};

/** Stands under `place.section`, and in the middle of the table whose header row is `place.tableHeader`. */
export type PlacedPassage = Passage & { place: Place };

/**
 * Cuts a text into passages that partition it: the first starts at 0, each where the one before ended, the
 * last ends at the text's end; white space behind a passage belongs to it. They consist of whole sentences
 * where these fit, are evenly filled (210 pieces become 105 + 105, not 200 + 10) and prefer to end with a
 * paragraph once half full. None is white space only, unless the text is. Time is linear in the length.
 *
 * With blocks: a list item, table row or code block is never cut when it fits in a passage together with the
 * headings (and table header) right before it; no passage ends with a heading that is followed by text,
 * unless headings alone fill half a passage; a section that fits in a passage is not cut; and a passage holds
 * text of several sections only where all of them are in it from start to end.
 *
 * `maxCharacters` is there because a word of more than 100 characters is a single (unknown) word piece.
 * Only one code point of more pieces than `maxPieces` can exceed the limits.
 */
export function splitIntoPassages(text: string, blocks: Block[], limits: PassageLimits): PlacedPassage[] {
  const cut = cutUnits(text, blocks, limits);
  return cut.map((unit, index) => ({
    start: index === 0 ? 0 : unit.start,
    end: cut[index + 1]?.start ?? text.length,
    pieceCount: unit.pieces,
    place: unit.place,
  }));
}

/** One unit per passage. */
function cutUnits(text: string, blocks: Block[], limits: PassageLimits): PlacedUnit[] {
  if (text === '') return [];
  const cut: PlacedUnit[] = [];
  let sectionStart = 0;
  const hasHeadings = blocks.some(block => block.kind === 'heading');
  for (const run of passageRuns(structureUnits(text, blocks, limits), limits, hasHeadings)) {
    for (const group of cutEvenly(run.units, limits)) cut.push(...joinUnits(text, group, limits));
    if (!run.endsSection) continue;
    if (cut.length - sectionStart > 1) joinShortEnd(text, cut, limits);
    sectionStart = cut.length;
  }
  const nothing: PlacedUnit = {
    start: 0,
    end: 0,
    pieces: 0,
    endsWith: 'paragraph',
    place: { section: outlineRoot, tableHeader: undefined },
  };
  return cut.length === 0 ? [nothing] : cut;
}

/** How much worse than its distance from the even size a cut is; 1 is the even size of a passage. */
const cutPenalty = {
  paragraph: -0.1,
  part: -0.05,
  sentence: 0,
  clause: 0.15,
  inside: 0.35,
  word: 0.4,
  heading: 0.5,
  title: Number.POSITIVE_INFINITY,
};

/** Cuts a block into as few groups as it takes, of about the same size each. */
function* cutEvenly(block: PlacedUnit[], limits: PassageLimits): Generator<PlacedUnit[]> {
  let pieces = block.reduce((sum, unit) => sum + unit.pieces, 0);
  const blockEnd = block.at(-1)?.end ?? 0;
  for (let from = 0; from < block.length; ) {
    const characters = blockEnd - (block[from]?.start ?? 0);
    const parts = Math.max(
      Math.ceil(pieces / limits.maxPieces),
      Math.ceil(characters / limits.maxCharacters),
    );
    const to = parts <= 1 ? block.length : endOfGroup(block, from, { pieces, characters, parts }, limits);
    const group = block.slice(from, to);
    yield group;
    for (const unit of group) pieces -= unit.pieces;
    from = to;
  }
}

/** The index after the last unit of the group that starts at `from`: the best cut near an even share. */
function endOfGroup(
  block: PlacedUnit[],
  from: number,
  rest: { pieces: number; characters: number; parts: number },
  limits: PassageLimits,
): number {
  const first = block[from];
  // Evenness is measured in whatever makes that many parts necessary.
  const byPieces = Math.ceil(rest.pieces / limits.maxPieces) >= rest.parts;
  const share = (byPieces ? rest.pieces : rest.characters) / rest.parts;
  let best = from + 1;
  let bestCost = Number.POSITIVE_INFINITY;
  let pieces = 0;
  for (let index = from; index < block.length; index++) {
    const unit = block[index];
    if (!first || !unit) break;
    pieces += unit.pieces;
    if (index > from && !fits({ start: first.start, end: unit.end }, pieces, limits)) break;
    const size = byPieces ? pieces : unit.end - first.start;
    const cost = Math.abs(size - share) / share + cutPenalty[unit.endsWith];
    if (cost > bestCost) continue;
    best = index + 1;
    bestCost = cost;
  }
  return best;
}

/**
 * One unit out of several. The pieces of the whole are counted again, because parts of one word may be fewer
 * pieces than the word; should they be too many, the halves stay apart.
 */
function joinUnits(text: string, units: PlacedUnit[], limits: PassageLimits): PlacedUnit[] {
  const first = units[0];
  const last = units.at(-1);
  if (!first || !last) return [];
  const range = { start: first.start, end: last.end };
  const pieces = units.length === 1 ? first.pieces : limits.countPieces(text.slice(range.start, range.end));
  if (units.length === 1 || fits(range, pieces, limits))
    return [{ ...range, pieces, endsWith: last.endsWith, place: commonPlace(units, first) }];
  const middle = Math.ceil(units.length / 2);
  return [
    ...joinUnits(text, units.slice(0, middle), limits),
    ...joinUnits(text, units.slice(middle), limits),
  ];
}

/** The nearest heading above all of the text; headings without text of their own have no say in it. */
function commonPlace(units: PlacedUnit[], first: PlacedUnit): Place {
  const { tableHeader } = first.place;
  const isInsideTable = tableHeader && tableHeader.start < first.start;
  const withText = units.filter(unit => unit.endsWith !== 'title');
  const section = (withText.length > 0 ? withText : units)
    .map(unit => unit.place.section)
    .reduce((common, one) => (common === one ? common : commonAncestor(common, one)));
  if (section === first.place.section && isInsideTable === (tableHeader !== undefined)) return first.place;
  return { section, tableHeader: isInsideTable ? tableHeader : undefined };
}

/** A last passage of less than half the size goes to the one before it where it fits. */
function joinShortEnd(text: string, cut: PlacedUnit[], limits: PassageLimits): void {
  const last = cut.at(-1);
  const beforeLast = cut.at(-2);
  if (!last || !beforeLast || last.pieces * 2 >= limits.maxPieces) return;
  const joined = joinUnits(text, [beforeLast, last], limits);
  if (joined.length === 1) cut.splice(-2, 2, ...joined);
}
