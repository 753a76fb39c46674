import type { DocumentBuilder } from '../../document-builder.ts';
import type { Attributes } from '../../scan-markup.ts';
import type { OdtStyles } from './read-styles.ts';

type List = { style: string; isNumbered: boolean; next: number; isItemBegun: boolean; hasMarker: boolean };

/** Deeper lists are written as this deep: else the indentation of a hostile file outgrows its text. */
const DEEPEST_INDENT = 8;

/** The lists that are open, and the numbers of their items. */
export class OdtLists {
  readonly #styles: OdtStyles;
  readonly #open: List[] = [];
  /** Where the last list of a style and depth stopped, for those that continue it. */
  readonly #stoppedAt = new Map<string, number>();

  constructor(styles: OdtStyles) {
    this.#styles = styles;
  }

  get isInside(): boolean {
    return this.#open.length > 0;
  }

  openList(attributes: Attributes): void {
    const depth = this.#open.length;
    const style = attributes['text:style-name'] ?? this.#open.at(-1)?.style ?? '';
    const continues =
      attributes['text:continue-numbering'] === 'true' || attributes['text:continue-list'] !== undefined;
    const next = (continues && this.#stoppedAt.get(`${style} ${depth}`)) || 1;
    const isNumbered = this.#styles.numberedLevels.get(style)?.has(depth) ?? false;
    this.#open.push({ style, isNumbered, next, isItemBegun: false, hasMarker: false });
  }

  closeList(): void {
    const list = this.#open.pop();
    if (list && this.#open.length <= DEEPEST_INDENT)
      this.#stoppedAt.set(`${list.style} ${this.#open.length}`, list.next);
  }

  openItem(attributes: Attributes, { hasMarker }: { hasMarker: boolean }): void {
    const list = this.#open.at(-1);
    if (!list) return;
    const start = attributes['text:start-value'] ?? '';
    if (/^\d{1,9}$/.test(start)) list.next = Number(start);
    list.isItemBegun = false;
    list.hasMarker = hasMarker;
  }

  write(text: string, builder: DocumentBuilder): void {
    const list = this.#open.at(-1);
    if (!list || text.trim() === '') return;
    const isFirst = list.hasMarker && !list.isItemBegun;
    const marker = !isFirst ? '  ' : list.isNumbered ? `${list.next++}. ` : '- ';
    list.isItemBegun = true;
    builder.listItem(text, { marker, depth: Math.min(this.#open.length - 1, DEEPEST_INDENT) });
  }
}
