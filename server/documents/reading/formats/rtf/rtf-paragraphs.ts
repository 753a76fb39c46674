import type { DocumentBuilder } from '../../document-builder.ts';

/** Levels from 10 on mean plain text. */
const DEEPEST_OUTLINE_LEVEL = 9;

/** Puts the text of an RTF file together to headings, paragraphs, list items and rows. */
export class RtfParagraphs {
  readonly #builder: DocumentBuilder;
  #text: string[] = [];
  #cells: string[] = [];
  #isHeaderRow = false;
  #isInTable = false;
  #headingLevel: number | undefined;
  #listDepth = 0;
  /** Of the styles that are headings, by their numbers. */
  readonly #styleLevels = new Map<number, number>();
  /** What stands before a list's item: a bullet or a number. */
  marker = '';

  constructor(builder: DocumentBuilder) {
    this.#builder = builder;
  }

  write(text: string): void {
    this.#text.push(text);
  }

  control(word: string, parameter = 0): void {
    if (word === 'par' || word === 'sect' || word === 'page') this.#endParagraph();
    else if (word === 'cell') this.#endCell();
    else if (word === 'row') this.#endRow();
    else if (word === 'trowd') this.#isHeaderRow = false;
    else if (word === 'trhdr') this.#isHeaderRow = true;
    else if (word === 'intbl') this.#isInTable = true;
    else if (word === 'pard') this.#reset();
    else if (word === 's') this.#headingLevel ??= this.#styleLevels.get(parameter);
    else if (word === 'outlinelevel') this.#headingLevel = levelOf(parameter);
    else if (word === 'ilvl') this.#listDepth = Math.min(Math.max(parameter, 0), 8);
    else if (word === 'footnote') this.#text.push(' ');
  }

  /** A word in a style's description. */
  describeStyle(style: number, word: string, parameter = 0): void {
    const level = word === 'outlinelevel' ? levelOf(parameter) : undefined;
    if (level !== undefined) this.#styleLevels.set(style, level);
  }

  nameStyle(style: number, name: string): void {
    const level = /^\s*(?:heading|überschrift|titre|título|titolo)\s+([1-9])\b/i.exec(name)?.[1];
    if (level !== undefined) this.#styleLevels.set(style, Number(level));
  }

  end(): void {
    if (this.#isInTable || this.#cells.length > 0) {
      if (this.#text.length > 0) this.#endCell();
      this.#endRow();
    } else this.#endParagraph();
  }

  #reset(): void {
    this.#isInTable = false;
    this.#headingLevel = undefined;
    this.#listDepth = 0;
  }

  #endParagraph(): void {
    if (this.#isInTable) {
      this.#text.push(' ');
      return;
    }
    if (this.#cells.length > 0) this.#endRow();
    const text = this.#takeText();
    const marker = this.#takeMarker();
    if (text === '') return;
    if (this.#headingLevel !== undefined)
      this.#builder.heading(this.#headingLevel, `${numberOf(marker)}${text}`);
    else if (marker !== '') this.#builder.listItem(text, { marker, depth: this.#listDepth });
    else this.#builder.paragraph(text);
  }

  #endCell(): void {
    this.#takeMarker();
    this.#cells.push(this.#takeText());
  }

  #endRow(): void {
    this.#builder.tableRow(this.#cells, { header: this.#isHeaderRow });
    this.#cells = [];
    this.#isInTable = false;
  }

  #takeText(): string {
    const text = this.#text
      .join('')
      .replace(/[^\S\n]+/g, ' ')
      .replace(/ ?\n ?/g, '\n')
      .trim();
    this.#text = [];
    return text;
  }

  /** "3. ", or "- " for whatever bullet. */
  #takeMarker(): string {
    const isGiven = this.marker !== '';
    const marker = this.marker.replace(/[^\p{L}\p{N}.()]/gu, '').slice(0, 20);
    this.marker = '';
    if (!isGiven) return '';
    return /[\p{L}\p{N}]/u.test(marker) ? `${marker} ` : '- ';
  }
}

const levelOf = (outlineLevel: number) =>
  outlineLevel >= 0 && outlineLevel < DEEPEST_OUTLINE_LEVEL ? outlineLevel + 1 : undefined;

/** A heading's number belongs to it, a bullet does not. */
const numberOf = (marker: string) => (marker === '- ' ? '' : marker);
