import { countTokens } from '../../language-model/gpt2-tokens.ts';
import type { Block } from '../reading/parsed-document.ts';
import { type BlockExtent, blockExtents } from './block-extents.ts';
import { type Range, trimRange } from './passage-units.ts';

/** Where chunks should begin, and where they should not. */
export type ChunkBoundaries = {
  /** Ascending. Headings one after the other begin one section. */
  sectionStarts: number[];
  /** Whether a cut at this offset would tear a block, or a heading from what follows it. */
  isInsideBlock: (offset: number) => boolean;
};

/**
 * Kept whole, where it fits in a chunk: a code block, a row or an item of several lines (one line is left
 * whole anyway, unless it is too long), and what follows a heading or a table's header row together with it,
 * or at least its beginning.
 */
export function chunkBoundaries(text: string, blocks: Block[], chunkSize: number): ChunkBoundaries {
  const sectionStarts: number[] = [];
  const whole: Range[] = [];
  const keepWhole = (start: number, end: number) => {
    const fits = fitsInChunk(text.slice(start, end), chunkSize);
    if (fits) whole.push({ start, end });
    return fits;
  };
  /** Headings and a table's header row that nothing has followed yet. */
  let lead: Range | undefined;
  for (const content of blockExtents(text, blocks)) {
    const { block } = content;
    const between = lead && trimRange(text, lead.end, content.start);
    if (lead && between) {
      keepWhole(lead.start, between.start);
      lead = undefined;
    }
    if (block.kind === 'heading' || block.kind === 'table-header') {
      if (block.kind === 'heading' && !lead) sectionStarts.push(content.start);
      lead = { start: lead?.start ?? content.start, end: content.end };
      continue;
    }
    const start = lead?.start ?? content.start;
    const isWhole = isTornByLines(text, content, lead) && keepWhole(start, content.end);
    if (lead && !isWhole) keepWhole(lead.start, content.start);
    lead = undefined;
  }
  const rest = lead && trimRange(text, lead.end, text.length);
  if (lead && rest) keepWhole(lead.start, rest.start);
  return { sectionStarts, isInsideBlock: offset => isInside(whole, offset) };
}

function isTornByLines(text: string, content: BlockExtent, lead: Range | undefined): boolean {
  if (content.block.kind === 'paragraph') return false;
  return lead !== undefined || text.slice(content.start, content.end).includes('\n');
}

function fitsInChunk(text: string, chunkSize: number): boolean {
  // A token has at least one byte, a UTF-16 unit at most three.
  return text.length * 3 <= chunkSize || (text.length <= chunkSize * 16 && countTokens(text) <= chunkSize);
}

/** Binary search in ranges that ascend and do not overlap. */
function isInside(ranges: Range[], offset: number): boolean {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ranges[middle]?.end ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  const range = ranges[low];
  return range !== undefined && range.start < offset;
}
