import { TextDecoder } from 'node:util';
import { DocumentError } from '../../../../errors.ts';
import type { DocumentBuilder } from '../../document-builder.ts';
import { labelOfCharset, labelOfCodePage } from './rtf-code-pages.ts';
import { RtfParagraphs } from './rtf-paragraphs.ts';
import { characterOf, type Destination, destinationOf } from './rtf-words.ts';
import type { RtfHandler } from './scan-rtf.ts';

/** What a group changes only until its end. */
type Group = {
  destination: Destination;
  /** Characters after a \u that stand there for readers without Unicode. */
  fallbackLength: number;
  /** Of the font, when it is not the document's. */
  label: string | undefined;
  isHidden: boolean;
};

const cleanTitle = (title: string) =>
  title
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, ' ')
    .trim()
    .slice(0, 500) || undefined;

/** Word writes groups some ten deep. */
const DEEPEST = 10_000;

/** Follows the groups, the fonts' code pages and the characters, and writes paragraphs. */
export class RtfReader implements RtfHandler {
  readonly #paragraphs: RtfParagraphs;
  readonly #builder: DocumentBuilder;
  readonly #outer: Group[] = [];
  #group: Group = { destination: 'body', fallbackLength: 1, label: undefined, isHidden: false };
  #documentLabel = 'windows-1252';
  readonly #fontLabels = new Map<number, string | undefined>();
  /** The font or style that is being described. */
  #described = -1;
  #bytes = '';
  /** How many characters are still the fallback of a \u. */
  #toSkip = 0;
  #title = '';

  constructor(builder: DocumentBuilder) {
    this.#builder = builder;
    this.#paragraphs = new RtfParagraphs(builder);
  }

  open(): void {
    this.#flush();
    this.#toSkip = 0;
    this.#outer.push(this.#group);
    this.#group = { ...this.#group };
    if (this.#outer.length > DEEPEST)
      throw new DocumentError(
        'document_too_complex',
        `The file’s groups are nested more than ${DEEPEST} deep.`,
      );
  }

  close(): void {
    this.#flush();
    this.#toSkip = 0;
    this.#group = this.#outer.pop() ?? this.#group;
  }

  bytes(text: string): void {
    const skipped = Math.min(this.#toSkip, text.length);
    this.#toSkip -= skipped;
    this.#bytes += text.slice(skipped);
    if (this.#bytes.length > 10_000) this.#flush();
  }

  control(word: string, parameter: number | undefined): void {
    const character = characterOf(word);
    if (this.#toSkip > 0 && character !== undefined) {
      this.#toSkip--;
      return;
    }
    this.#flush();
    if (character !== undefined) this.#write(character);
    else if (word === 'u') this.#writeUnicode(parameter ?? 0);
    else if (word === '*') this.#group.destination = 'nowhere';
    else if (!this.#changeGroup(word, parameter) && this.#group.destination === 'body')
      this.#paragraphs.control(word, parameter);
    else if (this.#group.destination === 'styles')
      this.#paragraphs.describeStyle(this.#described, word, parameter);
  }

  end(): void {
    this.#flush();
    this.#paragraphs.end();
    this.#builder.title = cleanTitle(this.#title);
  }

  /** Whether the word says how the group is to be read. */
  #changeGroup(word: string, parameter: number | undefined): boolean {
    const group = this.#group;
    const destination = destinationOf(word);
    // Pandoc lets readers without footnotes skip them.
    if (word === 'footnote' && group.destination === 'nowhere') group.destination = 'body';
    if (destination !== undefined) {
      // A description may hold anything; only a box's text comes back out of one.
      const stays = group.destination === 'nowhere' && word !== 'shptxt' && word !== 'title';
      if (!stays) group.destination = destination;
    } else if (word === 'uc') group.fallbackLength = Math.max(parameter ?? 1, 0);
    else if (word === 'v' || word === 'deleted') group.isHidden = parameter !== 0;
    else if (word === 'plain') group.isHidden = false;
    else if (word === 'ansicpg') this.#documentLabel = labelOfCodePage(parameter ?? 1252);
    else if (word === 'mac') this.#documentLabel = labelOfCodePage(10000);
    else if (word === 'f') this.#useFont(parameter ?? 0);
    else if (word === 'fcharset') this.#fontLabels.set(this.#described, labelOfCharset(parameter ?? 0));
    else if (word === 's' && group.destination === 'styles') this.#described = parameter ?? 0;
    else return false;
    return true;
  }

  #useFont(font: number): void {
    if (this.#group.destination === 'fonts') this.#described = font;
    else this.#group.label = this.#fontLabels.get(font);
  }

  /** @param unit of UTF-16; those from 32,768 on are written as negative numbers. */
  #writeUnicode(unit: number): void {
    this.#write(String.fromCharCode(unit & 0xffff));
    this.#toSkip = this.#group.fallbackLength;
  }

  #flush(): void {
    if (this.#bytes === '') return;
    const label = this.#group.label ?? this.#documentLabel;
    const text = new TextDecoder(label).decode(Buffer.from(this.#bytes, 'latin1'));
    this.#bytes = '';
    this.#write(text);
  }

  #write(text: string): void {
    const { destination, isHidden } = this.#group;
    if (destination === 'title') this.#title += text;
    else if (destination === 'styles') this.#paragraphs.nameStyle(this.#described, text);
    else if (destination === 'marker') this.#paragraphs.marker += text;
    else if (destination === 'body' && !isHidden) this.#paragraphs.write(text);
  }
}
