import type { DocumentBuilder } from '../document-builder.ts';
import { type Attributes, type MarkupDialect, scanMarkup } from '../scan-markup.ts';
import { HtmlLists } from './html-lists.ts';
import { HtmlTables } from './html-tables.ts';

/** Not part of what the page says. */
const skipped = new Set(
  (
    'script style noscript template svg nav head title iframe object embed audio video canvas ' +
    'select datalist button annotation annotation-xml rp'
  ).split(' '),
);

/** What may stand around a web page's own text; within it, in a book or a mail, these are notes and boxes. */
const surroundings = new Set(['aside', 'footer']);
const ownParts = new Set(['main', 'article']);

/** These begin and end a block of text. */
const blocks = new Set(
  (
    'address article aside blockquote body caption center dd details dialog div dl dt fieldset figcaption figure footer form ' +
    'header hgroup hr html legend li main menu ol p pre section summary table tbody td textarea tfoot th thead tr ul'
  ).split(' '),
);

/**
 * Writes what an HTML page says: headings, paragraphs, lists, tables, preformatted text, the texts of pictures.
 * Navigation, scripts, styles and hidden parts are left out. Broken markup is read as far as it goes, at any depth.
 *
 * @param withoutSurroundings leaves out what stands aside and at the foot of the page, but not of its own text.
 */
export function renderHtml(
  html: string,
  builder: DocumentBuilder,
  {
    dialect = 'html',
    withoutSurroundings = false,
  }: { dialect?: MarkupDialect; withoutSurroundings?: boolean } = {},
): void {
  const renderer = new HtmlRenderer(builder, withoutSurroundings);
  scanMarkup(html, renderer, dialect);
  renderer.end();
}

class HtmlRenderer {
  readonly #isWithoutSurroundings: boolean;
  /** How many of the page's own parts are open. */
  #ownDepth = 0;
  readonly #tables: HtmlTables;
  readonly #lists = new HtmlLists();
  #text: string[] = [];
  #heading: number | undefined;
  #isPreformatted = false;
  /** The element whose content is being left out, and how many of its name are open. */
  #skipping: { name: string; depth: number } | undefined;
  /** Where the number of a note begins. */
  #noteStart: number | undefined;

  constructor(builder: DocumentBuilder, isWithoutSurroundings: boolean) {
    this.#isWithoutSurroundings = isWithoutSurroundings;
    this.#tables = new HtmlTables(builder, this.#lists);
  }

  open(name: string, attributes: Attributes): void {
    if (this.#staysSkipped(name)) return;
    const isAround = this.#isWithoutSurroundings && this.#ownDepth === 0 && surroundings.has(name);
    const isLeftOut = isAround || isHidden(attributes) || isWayBack(name, attributes);
    if (skipped.has(name) || isLeftOut) this.#skipping = { name, depth: 1 };
    else if (isNoteNumber(name, attributes)) this.#noteStart = this.#text.length;
    else if (name === 'br') this.#text.push(this.#isPreformatted ? '\n' : '\v');
    else if (name === 'img') this.#text.push(' ', attributes.alt ?? '', ' ');
    else if (/^h[1-6]$/.test(name)) {
      this.#flush();
      this.#heading = Number(name[1]);
    } else if (blocks.has(name)) this.#openBlock(name, attributes);
  }

  close(name: string): void {
    if (this.#skipping) {
      if (this.#skipping.name === name && --this.#skipping.depth === 0) this.#skipping = undefined;
      return;
    }
    if (name === 'a') this.#closeNoteNumber();
    else if (/^h[1-6]$/.test(name)) this.#flush();
    else if (blocks.has(name)) this.#closeBlock(name);
  }

  text(text: string): void {
    if (!this.#skipping) this.#text.push(text);
  }

  end(): void {
    this.#flush();
    while (this.#tables.isInside) this.#tables.close('table');
    this.#lists.writeTerm(this.#tables.target);
  }

  /** Whether an element within a part that is left out is left out as well. */
  #staysSkipped(name: string): boolean {
    if (!this.#skipping) return false;
    const endsIt =
      (this.#skipping.name === 'head' && name === 'body') ||
      (this.#skipping.name === 'p' && blocks.has(name));
    if (endsIt) this.#skipping = undefined;
    else if (this.#skipping.name === name) this.#skipping.depth++;
    return this.#skipping !== undefined;
  }

  /** In brackets, or it would become part of the word before it. */
  #closeNoteNumber(): void {
    if (this.#noteStart === undefined) return;
    const number = this.#text.splice(this.#noteStart).join('').trim();
    this.#noteStart = undefined;
    this.#text.push(/^$|^[[(]/.test(number) ? number : `[${number}]`);
  }

  #openBlock(name: string, attributes: Attributes): void {
    if (ownParts.has(name)) this.#ownDepth++;
    if (this.#staysInBlock(name)) return;
    this.#flush();
    this.#isPreformatted = name === 'pre';
    this.#tables.open(name, attributes);
    this.#lists.open(name, attributes, this.#tables.target);
  }

  #closeBlock(name: string): void {
    if (ownParts.has(name)) this.#ownDepth = Math.max(0, this.#ownDepth - 1);
    if (name !== 'pre' && this.#staysInBlock(name)) return;
    this.#flush();
    this.#isPreformatted = false;
    this.#lists.close(name, this.#tables.target);
    this.#tables.close(name);
  }

  /** A heading may hold divisions (anything else shows that its end tag is missing), and lines of code their own. */
  #staysInBlock(name: string): boolean {
    if (this.#isPreformatted && this.#text.at(-1)?.endsWith('\n') === false) this.#text.push('\n');
    else if (this.#heading !== undefined && name === 'div') this.#text.push(' ');
    return this.#isPreformatted || (this.#heading !== undefined && name === 'div');
  }

  #flush(): void {
    const text = this.#text.join('');
    const heading = this.#heading;
    this.#text = [];
    this.#heading = undefined;
    this.#noteStart = undefined;
    const target = this.#tables.target;
    const line = collapse(text);
    if (this.#isPreformatted) target.code(text);
    else if (heading !== undefined) target.heading(heading, line);
    else if (line !== '') this.#lists.write(line, target);
  }
}

/** White space as a browser shows it; \v stands for a line break. */
const collapse = (text: string) =>
  text
    .replace(/[^\S\v]+/g, ' ')
    .replace(/ ?\v ?/g, '\n')
    .trim();

const isHidden = ({ hidden, style }: Attributes) =>
  (hidden !== undefined && hidden !== 'until-found') || /display\s*:\s*none/i.test(style ?? '');

const typeOf = (attributes: Attributes) => `${attributes.role ?? ''} ${attributes['epub:type'] ?? ''}`;

/** The number of a note in the text. */
const isNoteNumber = (name: string, attributes: Attributes) =>
  name === 'a' && /\b(?:doc-)?noteref\b/.test(typeOf(attributes));

/** The arrow from a note to its place in the text. */
const isWayBack = (name: string, attributes: Attributes) =>
  name === 'a' && /\b(?:doc-)?backlink\b/.test(typeOf(attributes));
