import type { Block } from '../reading/parsed-document.ts';
import { type BlockExtent, blockExtents } from './block-extents.ts';
import { cleanHeading } from './clean-heading.ts';
import { codeUnits } from './code-units.ts';
import { addHeading, type OutlineNode, outlineRoot } from './outline-node.ts';
import {
  fitsAfter,
  type Lead,
  type PassageLimits,
  type PassageUnit,
  passageUnits,
  piecesOf,
  type Range,
} from './passage-units.ts';

/** Where in a document's structure a unit or passage stands. */
export type Place = {
  section: OutlineNode;
  /** The header row of the table that it is in. */
  tableHeader: Range | undefined;
};

export type PlacedUnit = PassageUnit & { place: Place };

/**
 * The units of a text with the structure that its parser found. A heading, an item, a row or a code block is
 * one unit where it fits in a passage together with the headings right before it; paragraphs, whatever is
 * outside of any block, and what is too long are units of running text. Blocks out of order or reaching into
 * each other count from where the one before ended.
 */
export function* structureUnits(text: string, blocks: Block[], limits: PassageLimits): Generator<PlacedUnit> {
  const walk = new StructureWalk(text, limits);
  let at = 0;
  let present: BlockExtent | undefined;
  for (const next of blockExtents(text, blocks)) {
    if (present) yield* walk.block(present, next);
    yield* walk.plainText(at, next.start, next);
    present = next;
    at = next.end;
  }
  if (present) yield* walk.block(present, undefined);
  yield* walk.plainText(at, text.length, undefined);
}

/** Goes through a text from the start, remembering what the next unit belongs to. */
class StructureWalk {
  readonly #text: string;
  readonly #limits: PassageLimits;
  #place: Place = { section: outlineRoot, tableHeader: undefined };
  #lead: Lead | undefined;

  constructor(text: string, limits: PassageLimits) {
    this.#text = text;
    this.#limits = limits;
  }

  *plainText(start: number, end: number, next: BlockExtent | undefined): Generator<PlacedUnit> {
    if (!/\S/.test(this.#text.slice(start, end))) return;
    this.#leaveTable();
    yield* this.#runningText({ start, end }, next && this.#endBefore(next, { start, end }));
  }

  *block(extent: BlockExtent, next: BlockExtent | undefined): Generator<PlacedUnit> {
    const { block, start, end } = extent;
    const content = { start, end };
    if (block.kind === 'heading') this.#enterSection(block.level, block);
    if (block.kind === 'table-header') this.#enterTable(content);
    else if (block.kind !== 'table-row') this.#leaveTable();

    if (block.kind === 'heading' || this.#isHeaderOfRows(extent, next)) yield* this.#title(content);
    else if (block.kind === 'paragraph')
      yield* this.#paragraph(content, next ? this.#endBefore(next, content) : 'paragraph');
    else if (block.kind === 'code')
      yield* this.#placed(codeUnits(this.#text, this.#after(content), this.#limits));
    else yield* this.#whole(content, this.#goesOn(extent, next) ? 'part' : 'paragraph');
  }

  #enterSection(level: number, heading: Range): void {
    const words = cleanHeading(this.#text.slice(heading.start, heading.end));
    this.#place = { section: addHeading(this.#place.section, level, words), tableHeader: undefined };
  }

  #enterTable(header: Range): void {
    const { section, tableHeader } = this.#place;
    // A second header row right behind the first belongs to it.
    const goesOn = tableHeader && this.#lead && this.#isBlank(tableHeader.end, header.start);
    const start = goesOn ? tableHeader.start : header.start;
    this.#place = { section, tableHeader: { start, end: header.end } };
  }

  #leaveTable(): void {
    if (this.#place.tableHeader) this.#place = { section: this.#place.section, tableHeader: undefined };
  }

  /** A title of more than half a passage is text like any other. */
  *#title(content: Range): Generator<PlacedUnit> {
    const pieces = piecesOf(this.#text, content, this.#limits);
    const isShort = isHalf({ start: content.start, pieces }, content.end, this.#limits);
    if (!isShort) {
      yield* this.#runningText(content, 'heading');
      return;
    }
    const lead = { start: this.#lead?.start ?? content.start, pieces: (this.#lead?.pieces ?? 0) + pieces };
    yield { ...content, pieces, endsWith: 'title', place: this.#place };
    // Of a long row of titles, what follows can be with the last ones only.
    this.#lead = isHalf(lead, content.end, this.#limits) ? lead : { start: content.start, pieces };
  }

  *#whole(content: Range, endsWith: 'part' | 'paragraph'): Generator<PlacedUnit> {
    const pieces = piecesOf(this.#text, content, this.#limits);
    if (!fitsAfter(this.#lead, content, pieces, this.#limits)) {
      yield* this.#runningText(content, endsWith);
      return;
    }
    this.#lead = undefined;
    yield { ...content, pieces, endsWith, place: this.#place };
  }

  /** A passage may end inside one, but rather does not, unless it is too long for a passage anyway. */
  *#paragraph(content: Range, endsWith: 'paragraph' | 'heading'): Generator<PlacedUnit> {
    // Counting the pieces of all of it once more would take longer than this rule is worth.
    const isShort = (content.end - content.start) * 2 <= this.#limits.maxCharacters;
    for (const unit of this.#runningText(content, endsWith))
      yield isShort && unit.endsWith === 'sentence' ? { ...unit, endsWith: 'inside' } : unit;
  }

  #runningText(range: Range, endsWith: 'paragraph' | 'part' | 'heading' | undefined): Generator<PlacedUnit> {
    return this.#placed(passageUnits(this.#text, { ...this.#after(range), endsWith }, this.#limits));
  }

  #after(range: Range): Range & { lead: Lead | undefined } {
    return { ...range, lead: this.#lead };
  }

  *#placed(units: Iterable<PassageUnit>): Generator<PlacedUnit> {
    this.#lead = undefined;
    for (const unit of units) yield { ...unit, place: this.#place };
  }

  /** A paragraph right before a list introduces it; before code or a table it does when it says so. */
  #endBefore(next: BlockExtent, paragraph: Range): 'paragraph' | 'heading' {
    if (!this.#isBlank(paragraph.end, next.start)) return 'paragraph';
    if (next.block.kind === 'list-item') return 'heading';
    const introduces =
      next.block.kind !== 'heading' && /[:：]\s*$/.test(this.#text.slice(paragraph.end - 20, paragraph.end));
    return introduces ? 'heading' : 'paragraph';
  }

  #isHeaderOfRows(extent: BlockExtent, next: BlockExtent | undefined): boolean {
    const hasRows = next?.block.kind === 'table-row' || next?.block.kind === 'table-header';
    return extent.block.kind === 'table-header' && hasRows && this.#isBlank(extent.end, next.start);
  }

  #goesOn(extent: BlockExtent, next: BlockExtent | undefined): boolean {
    return next?.block.kind === extent.block.kind && this.#isBlank(extent.end, next.start);
  }

  #isBlank(start: number, end: number): boolean {
    return !/\S/.test(this.#text.slice(start, end));
  }
}

function isHalf(lead: Lead, end: number, { maxPieces, maxCharacters }: PassageLimits): boolean {
  return lead.pieces * 2 <= maxPieces && (end - lead.start) * 2 <= maxCharacters;
}
