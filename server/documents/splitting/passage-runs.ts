import { commonAncestor, type OutlineNode } from './outline-node.ts';
import { fits, type PassageLimits } from './passage-units.ts';
import type { PlacedUnit } from './structure-units.ts';

/** Units that are cut into passages together; no passage reaches from one run into the next. */
export type Run = {
  units: PlacedUnit[];
  /** Whether what follows stands in another section. */
  endsSection: boolean;
};

/** About 40 MB: a text of 50 MB in short lines, without a blank one among them, is not one run. */
const maxUnitsOfRun = 500_000;

/** A section of a heading and a line: what is longer is found better on its own (decision 0013). */
const tinyShare = 1 / 8;

/**
 * Puts units together that may share a passage. A section that fits in one passage stays whole; a tiny one
 * shares its passage with the tiny ones that follow under the same heading. Every other section becomes runs
 * of paragraphs, each closed as soon as it fills half a passage. A heading without text of its own belongs to
 * the section that follows.
 *
 * @param sectionsStayWhole False for a text without headings, which is one section however short it is.
 */
export function* passageRuns(
  units: Iterable<PlacedUnit>,
  limits: PassageLimits,
  sectionsStayWhole: boolean,
): Generator<Run> {
  const builder = new RunBuilder(limits, sectionsStayWhole);
  for (const unit of units) {
    builder.add(unit);
    yield* builder.takeReady();
  }
  builder.finish();
  yield* builder.takeReady();
}

/** Whole sections, tiny even together. */
type Sections = { span: Span; section: OutlineNode; depth: number };

class RunBuilder {
  readonly #limits: PassageLimits;
  readonly #sectionsStayWhole: boolean;
  #ready: Run[] = [];
  /** Waiting for a next one that is tiny too. */
  #waiting: Sections | undefined;
  /** What is read of the present section and not in a run yet. */
  #open = new Span();
  #section: OutlineNode | undefined;
  #hasText = false;
  /** Whether the present section is too long for one passage. */
  #isLong = false;

  constructor(limits: PassageLimits, sectionsStayWhole: boolean) {
    this.#limits = limits;
    this.#sectionsStayWhole = sectionsStayWhole;
  }

  takeReady(): Run[] {
    if (this.#ready.length === 0) return noRuns;
    const ready = this.#ready;
    this.#ready = [];
    return ready;
  }

  add(unit: PlacedUnit): void {
    if (unit.place.section !== this.#section && this.#hasText) this.#endSection();
    this.#section = unit.place.section;
    if (unit.endsWith !== 'title') this.#hasText = true;
    if (this.#isLong) {
      this.#addToParagraphs(unit);
      return;
    }
    this.#open.add(unit);
    if (this.#sectionsStayWhole && this.#open.fits(this.#limits)) return;
    this.#isLong = true;
    this.#closeWaiting();
    const { units } = this.#open;
    this.#open = new Span();
    for (const one of units) this.#addToParagraphs(one);
  }

  finish(): void {
    this.#endSection();
    this.#closeWaiting();
  }

  #addToParagraphs(unit: PlacedUnit): void {
    this.#open.add(unit);
    const isEnd = unit.endsWith === 'paragraph' && this.#open.fills(1 / 2, this.#limits);
    const isTooLong = this.#open.units.length >= maxUnitsOfRun && unit.endsWith !== 'title';
    if (!isEnd && !isTooLong) return;
    this.#ready.push({ units: this.#open.units, endsSection: false });
    this.#open = new Span();
  }

  #endSection(): void {
    if (this.#isLong) this.#ready.push({ units: this.#open.units, endsSection: true });
    else if (this.#section) this.#endWholeSection(this.#section);
    this.#open = new Span();
    this.#hasText = false;
    this.#isLong = false;
  }

  #endWholeSection(section: OutlineNode): void {
    const joined = this.#waiting && this.#join(this.#waiting, section);
    if (!joined) this.#closeWaiting();
    this.#waiting = joined ?? { span: this.#open, section, depth: section.depth };
    if (this.#waiting.span.fills(tinyShare, this.#limits)) this.#closeWaiting();
  }

  /** The waiting sections and the open one, when that is tiny too and stands under the same heading. */
  #join(waiting: Sections, section: OutlineNode): Sections | undefined {
    const common = commonAncestor(waiting.section, section);
    if (common.depth < waiting.depth - 1 || this.#open.fills(tinyShare, this.#limits)) return undefined;
    const span = Span.joined(waiting.span, this.#open);
    return span.fits(this.#limits) ? { span, section: common, depth: waiting.depth } : undefined;
  }

  #closeWaiting(): void {
    if (this.#waiting) this.#ready.push({ units: this.#waiting.span.units, endsSection: true });
    this.#waiting = undefined;
  }
}

const noRuns: Run[] = [];

class Span {
  readonly units: PlacedUnit[] = [];
  pieces = 0;

  static joined(one: Span, other: Span): Span {
    const span = new Span();
    for (const unit of [...one.units, ...other.units]) span.add(unit);
    return span;
  }

  add(unit: PlacedUnit): void {
    this.units.push(unit);
    this.pieces += unit.pieces;
  }

  fits(limits: PassageLimits): boolean {
    return fits({ start: 0, end: this.#characters }, this.pieces, limits);
  }

  fills(share: number, limits: PassageLimits): boolean {
    return this.pieces >= share * limits.maxPieces || this.#characters >= share * limits.maxCharacters;
  }

  get #characters(): number {
    return (this.units.at(-1)?.end ?? 0) - (this.units[0]?.start ?? 0);
  }
}
