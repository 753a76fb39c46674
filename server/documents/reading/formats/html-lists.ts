import type { DocumentBuilder } from '../document-builder.ts';
import type { Attributes } from '../scan-markup.ts';

/** Where blocks are written: the document, or a table's cell. */
export type BlockTarget = Pick<DocumentBuilder, 'heading' | 'paragraph' | 'listItem' | 'code'>;

type List = { kind: 'ul' | 'ol' | 'dl'; next: number; item: Item | undefined };
type Item = { marker: string; isBegun: boolean };

/** Deeper lists are written as this deep: else the indentation of a hostile page outgrows its text. */
const DEEPEST_INDENT = 8;

/** The lists that are open, and how text within them is written. */
export class HtmlLists {
  #open: List[] = [];
  /** The term that its definition waits for. */
  #term: string | undefined;

  get depth(): number {
    return this.#open.length;
  }

  open(name: string, attributes: Attributes, target: BlockTarget): void {
    if (name === 'ul' || name === 'menu') this.#push('ul', 1);
    else if (name === 'ol') this.#push('ol', startOf(attributes.start));
    else if (name === 'dl') this.#push('dl', 1);
    else if (name === 'li') this.#openItem(startOf(attributes.value, 0));
    else if (name === 'dt') {
      this.writeTerm(target);
      this.#openDefinition('');
    } else if (name === 'dd') this.#openDefinition('- ');
  }

  close(name: string, target: BlockTarget): void {
    const top = this.#open.at(-1);
    if (name === 'li' || name === 'dd' || name === 'dt') {
      if (top) top.item = undefined;
    } else if (/^(ul|ol|dl|menu)$/.test(name)) {
      if (name === 'dl') this.writeTerm(target);
      this.#open.pop();
    }
  }

  /** Closes the lists that were opened since there were `depth` of them. */
  closeTo(depth: number): void {
    this.#open.length = Math.min(depth, this.#open.length);
  }

  write(text: string, target: BlockTarget): void {
    const list = this.#open.at(-1);
    if (!list?.item) {
      target.paragraph(text);
      return;
    }
    if (list.kind === 'dl' && list.item.marker === '') {
      this.#term = this.#term === undefined ? text : `${this.#term} ${text}`;
      return;
    }
    const term = list.kind === 'dl' && this.#term !== undefined ? `${this.#term}: ` : '';
    if (list.kind === 'dl') this.#term = undefined;
    // What follows within the same item stands below its first line.
    const marker = list.item.isBegun ? ' '.repeat(list.item.marker.length) : list.item.marker;
    const depth = Math.min(this.#open.length - 1, DEEPEST_INDENT);
    target.listItem(term + text, { marker, depth });
    list.item.isBegun = true;
  }

  /** A term without a definition. */
  writeTerm(target: BlockTarget): void {
    if (this.#term !== undefined) target.paragraph(this.#term);
    this.#term = undefined;
  }

  #push(kind: List['kind'], next: number): void {
    this.#open.push({ kind, next, item: undefined });
  }

  #openItem(value: number): void {
    const list = this.#open.at(-1);
    // An item outside of any list is shown as one by browsers.
    if (!list) this.#push('ul', 1);
    const into = list ?? this.#open.at(-1);
    if (!into) return;
    if (value > 0) into.next = value;
    into.item = { marker: into.kind === 'ol' ? `${into.next++}. ` : '- ', isBegun: false };
  }

  #openDefinition(marker: string): void {
    const list = this.#open.at(-1);
    if (list?.kind === 'dl') list.item = { marker, isBegun: false };
  }
}

const startOf = (value: string | undefined, otherwise = 1) =>
  /^\d{1,9}$/.test(value ?? '') ? Number(value) : otherwise;
