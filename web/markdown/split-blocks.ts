import { type MarkedToken, marked, type Token } from 'marked';

/** While text streams in, its last blocks can still change: a paragraph may become a table. */
const UNSETTLED_BLOCKS = 2;

/** A block of Markdown, the same object as long as its text is the same. */
export type Block = { raw: string; token: MarkedToken };

/** Splits a growing text into blocks, reading only what can have changed. */
export function createBlockSplitter(): (text: string) => Block[] {
  let settled: Block[] = [];
  let settledLength = 0;
  let before = '';
  return text => {
    if (!text.startsWith(before.slice(0, settledLength))) {
      settled = [];
      settledLength = 0;
    }
    before = text;
    const fresh = toBlocks(text.slice(settledLength));
    const all = [...settled, ...fresh];
    const stable = Math.max(0, fresh.length - UNSETTLED_BLOCKS);
    for (const block of fresh.slice(0, stable)) settledLength += block.raw.length;
    settled = all.slice(0, settled.length + stable);
    return all;
  };
}

const toBlocks = (text: string): Block[] =>
  marked.lexer(text, { gfm: true }).map(token => ({ raw: token.raw, token: asMarked(token) }));

/** Without extensions there are no other tokens than Marked's own. */
export const asMarked = (token: Token) => token as MarkedToken;
