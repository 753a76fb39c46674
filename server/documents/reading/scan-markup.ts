import { type QuoteType, Tokenizer, type TokenizerCallbacks } from 'htmlparser2';

/** By their names as written, prefix included (`r:id`); the first of two with one name counts. */
export type Attributes = Record<string, string | undefined>;

export type MarkupHandler = {
  /** @param name in lower case in HTML; without its prefix in XML (`w:p` is `p`). */
  open?: (name: string, attributes: Attributes) => void;
  close?: (name: string) => void;
  /** Several pieces may follow each other; entities are decoded. */
  text?: (text: string) => void;
};

/** In `xhtml`, `<script/>` is closed; in HTML it swallows what follows. */
export type MarkupDialect = 'html' | 'xhtml' | 'xml';

const voidElements = new Set(
  'area base basefont br col command embed frame hr img input isindex keygen link meta param source track wbr'.split(
    ' ',
  ),
);

/**
 * Reads markup from its start to its end and tells what it meets, as it stands there: closing tags may be missing or
 * have no opening one. It keeps no tree and no stack of open elements (htmlparser2's Parser has one whose cost is
 * quadratic in the depth), and expands no entities but the standard ones, so hostile markup costs no more than its
 * length.
 */
export function scanMarkup(source: string, handler: MarkupHandler, dialect: MarkupDialect): void {
  const xmlMode = dialect === 'xml';
  const recognizeSelfClosing = dialect !== 'html';
  const tokenizer = new Tokenizer(
    { xmlMode, recognizeSelfClosing },
    new TokenReader(source, handler, dialect),
  );
  tokenizer.write(source);
  tokenizer.end();
}

/** Puts the tokenizer's positions together to elements. */
class TokenReader implements TokenizerCallbacks {
  readonly #source: string;
  readonly #handler: MarkupHandler;
  readonly #dialect: MarkupDialect;
  #element = '';
  #attributes: Attributes = {};
  #attributeName = '';
  #attributeValue = '';

  constructor(source: string, handler: MarkupHandler, dialect: MarkupDialect) {
    this.#source = source;
    this.#handler = handler;
    this.#dialect = dialect;
  }

  onopentagname(start: number, end: number): void {
    this.#element = this.#nameOf(start, end);
    this.#attributes = {};
  }

  onattribname(start: number, end: number): void {
    const name = this.#source.slice(start, end);
    this.#attributeName = this.#dialect === 'html' ? name.toLowerCase() : name;
    this.#attributeValue = '';
  }

  onattribdata(start: number, end: number): void {
    this.#attributeValue += this.#source.slice(start, end);
  }

  onattribentity(codePoint: number): void {
    this.#attributeValue += String.fromCodePoint(codePoint);
  }

  onattribend(_quote: QuoteType, _end: number): void {
    this.#attributes[this.#attributeName] ??= this.#attributeValue;
  }

  onopentagend(_end: number): void {
    this.#handler.open?.(this.#element, this.#attributes);
    if (this.#dialect !== 'xml' && voidElements.has(this.#element)) this.#handler.close?.(this.#element);
  }

  onselfclosingtag(end: number): void {
    this.onopentagend(end);
    const isClosed =
      this.#dialect === 'xml' || (this.#dialect === 'xhtml' && !voidElements.has(this.#element));
    if (isClosed) this.#handler.close?.(this.#element);
  }

  onclosetag(start: number, end: number): void {
    const name = this.#nameOf(start, end);
    if (this.#dialect === 'xml' || !voidElements.has(name)) this.#handler.close?.(name);
    else if (name === 'br') this.#handler.open?.(name, {}); // As browsers have it: </br> is a line break.
  }

  ontext(start: number, end: number): void {
    this.#handler.text?.(this.#source.slice(start, end));
  }

  ontextentity(codePoint: number, _end: number): void {
    this.#handler.text?.(String.fromCodePoint(codePoint));
  }

  oncdata(start: number, end: number, endOffset: number): void {
    if (this.#dialect !== 'html') this.#handler.text?.(this.#source.slice(start, end - endOffset));
  }

  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}
  onend(): void {}

  #nameOf(start: number, end: number): string {
    const name = this.#source.slice(start, end);
    return this.#dialect === 'xml' ? name.slice(name.indexOf(':') + 1) : name.toLowerCase();
  }
}
