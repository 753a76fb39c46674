import type { Block } from '../reading/parsed-document.ts';
import { type Range, trimRange } from './passage-units.ts';

/** What a block takes up of the text, without white space around it. */
export type BlockExtent = Range & { block: Block };

/** Longer ones might be a drawing. */
const maxMarks = 200;

/**
 * The extents of blocks in order. A parser that leaves marks in the text ("## ", "- ", "|---|", a fence) gives
 * the block without them; here, marks on a block's own line belong to it, those on lines of their own to the
 * block before. Blocks without content are left out; those that reach into the one before begin at its end.
 */
export function* blockExtents(text: string, blocks: Block[]): Generator<BlockExtent> {
  let waiting: BlockExtent | undefined;
  for (const block of blocks) {
    const at = waiting?.end ?? 0;
    const content = trimRange(text, Math.max(block.start, at), Math.min(block.end, text.length));
    if (!content) continue;
    const { before, own } = marksBefore(text, at, content.start);
    if (waiting) yield before ? { ...waiting, end: before.end } : waiting;
    waiting = { block, start: (waiting ? own : (before ?? own))?.start ?? content.start, end: content.end };
  }
  if (!waiting) return;
  const rest = marksIn(text, waiting.end, text.length);
  yield rest ? { ...waiting, end: rest.end } : waiting;
}

/** What of the text between two blocks belongs to the first, and what to the second. */
function marksBefore(text: string, start: number, end: number): { before?: Range; own?: Range } {
  if (start === end) return {};
  const lineStart = start + text.slice(start, end).lastIndexOf('\n') + 1;
  const own = listNumber.test(text.slice(lineStart, Math.min(end, lineStart + maxMarks)))
    ? trimRange(text, lineStart, end)
    : marksIn(text, lineStart, end);
  const before = marksIn(text, start, own?.start ?? lineStart);
  return { ...(before && { before }), ...(own && { own }) };
}

const listNumber = /^\s*\(?(?:\d{1,9}|\p{L})[.)]\s*$/u;

/** Where all there is are marks. */
function marksIn(text: string, start: number, end: number): Range | undefined {
  const content = trimRange(text, start, end);
  if (!content || content.end - content.start > maxMarks) return undefined;
  return /[\p{L}\p{N}]/u.test(text.slice(content.start, content.end)) ? undefined : content;
}
