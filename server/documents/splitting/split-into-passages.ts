import { fits, type PassageLimits, type PassageUnit, passageUnits } from './passage-units.ts';

/** A part of a document that is embedded and indexed: `text.slice(start, end)`. */
export type Passage = {
  /** Offset of the first UTF-16 unit. */
  start: number;
  /** Offset after the last UTF-16 unit. */
  end: number;
  /** Word pieces of the embedding model, without special tokens. */
  pieceCount: number;
};

/**
 * Cuts a text into passages that partition it: the first starts at 0, each where the one before ended, the
 * last ends at the text's end; white space behind a passage belongs to it. They consist of whole sentences
 * where these fit, are evenly filled (210 pieces become 105 + 105, not 200 + 10) and prefer to end with a
 * paragraph once half full. None is white space only, unless the text is. Time is linear in the length.
 *
 * `maxCharacters` is there because a word of more than 100 characters is a single (unknown) word piece.
 * Only one code point of more pieces than `maxPieces` can exceed the limits.
 */
export function splitIntoPassages(text: string, limits: PassageLimits): Passage[] {
  if (text === '') return [];
  const cut: PassageUnit[] = [];
  for (const block of blocksOf(passageUnits(text, limits), limits))
    for (const group of cutEvenly(block, limits)) cut.push(...joinUnits(text, group, limits));
  joinShortEnd(text, cut, limits);
  if (cut.length === 0) return [{ start: 0, end: text.length, pieceCount: 0 }];
  return cut.map((unit, index) => ({
    start: index === 0 ? 0 : unit.start,
    end: cut[index + 1]?.start ?? text.length,
    pieceCount: unit.pieces,
  }));
}

/** Runs of paragraphs, each closed as soon as it fills half a passage. */
function* blocksOf(units: PassageUnit[], limits: PassageLimits): Generator<PassageUnit[]> {
  let block: PassageUnit[] = [];
  let pieces = 0;
  for (const unit of units) {
    block.push(unit);
    pieces += unit.pieces;
    if (unit.endsWith !== 'paragraph') continue;
    const characters = unit.end - (block[0]?.start ?? 0);
    if (pieces * 2 < limits.maxPieces && characters * 2 < limits.maxCharacters) continue;
    yield block;
    block = [];
    pieces = 0;
  }
  if (block.length > 0) yield block;
}

/** How much worse than its distance from the even size a cut is; 1 is the even size of a passage. */
const cutPenalty = { paragraph: -0.1, sentence: 0, clause: 0.15, word: 0.4, heading: 0.5 };

/** Cuts a block into as few groups as it takes, of about the same size each. */
function* cutEvenly(block: PassageUnit[], limits: PassageLimits): Generator<PassageUnit[]> {
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
  block: PassageUnit[],
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
function joinUnits(text: string, units: PassageUnit[], limits: PassageLimits): PassageUnit[] {
  const first = units[0];
  const last = units.at(-1);
  if (!first || !last) return [];
  if (units.length === 1) return [first];
  const pieces = limits.countPieces(text.slice(first.start, last.end));
  if (fits({ start: first.start, end: last.end }, pieces, limits))
    return [{ start: first.start, end: last.end, pieces, endsWith: last.endsWith }];
  const middle = Math.ceil(units.length / 2);
  return [
    ...joinUnits(text, units.slice(0, middle), limits),
    ...joinUnits(text, units.slice(middle), limits),
  ];
}

/** A last passage of less than half the size goes to the one before it where it fits. */
function joinShortEnd(text: string, cut: PassageUnit[], limits: PassageLimits): void {
  const last = cut.at(-1);
  const beforeLast = cut.at(-2);
  if (!last || !beforeLast || last.pieces * 2 >= limits.maxPieces) return;
  const joined = joinUnits(text, [beforeLast, last], limits);
  if (joined.length === 1) cut.splice(-2, 2, ...joined);
}
