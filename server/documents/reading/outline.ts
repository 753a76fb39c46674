import type { ParsedDocument } from './parsed-document.ts';

/** The map of a text, kept to show its structure and to name the place of a citation. */
export type Outline = {
  headings: { level: number; start: number; end: number }[];
  /** Page n begins at `pageStarts[n - 1]`; empty when there are none. */
  pageStarts: number[];
  tables: { start: number; end: number }[];
};

export function outlineOf({ blocks, pageStarts }: ParsedDocument): Outline {
  const outline: Outline = { headings: [], pageStarts, tables: [] };
  let before: string | undefined;
  for (const block of blocks) {
    const { kind, start, end } = block;
    const last = outline.tables.at(-1);
    if (block.kind === 'heading') outline.headings.push({ level: block.level, start, end });
    else if (kind === 'table-row' && last && (before === 'table-row' || before === 'table-header'))
      last.end = end;
    else if (kind === 'table-row' || kind === 'table-header') outline.tables.push({ start, end });
    before = kind;
  }
  return outline;
}
