import { Lexer, type Token } from 'marked';
import type { Block } from '../parsed-document.ts';

/** Deeper than this nobody writes, and the lexer's stack ends. */
const TOO_DEEP = /^(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])){40}|^[ \t]{100,}(?:[-*+>]|\d{1,9}[.)])/m;

const MOST_CHARACTERS_OF_A_TITLE = 200;

/** The blocks of a Markdown text, in order. A heading's is its words without the marks. */
export function findMarkdownBlocks(text: string): Block[] {
  if (TOO_DEEP.test(text)) return [];
  const blocks: Block[] = [];
  let at = 0;
  for (const token of new Lexer({ gfm: true }).blockTokens(text, [])) {
    // The lexer's tokens are the text, cut up; where it has changed one, that one is searched for.
    const start = text.startsWith(token.raw, at) ? at : text.indexOf(token.raw, at);
    if (start < 0) continue;
    at = start + token.raw.length;
    for (const block of blocksOf(token)) pushTrimmed(blocks, text, { ...block, ...shift(block, start) });
  }
  return blocks;
}

/** With offsets in the token. */
function blocksOf(token: Token): Block[] {
  const whole = { start: 0, end: token.raw.length };
  switch (token.type) {
    case 'heading': {
      const title = String(token.text);
      const start = token.raw.indexOf(title);
      if (start < 0) return [];
      // Dashes under a paragraph are meant as a rule: it is too long to be the name of what follows.
      const isUnderlined = !token.raw.trimStart().startsWith('#');
      return isUnderlined && title.length > MOST_CHARACTERS_OF_A_TITLE
        ? [{ kind: 'paragraph', ...whole }]
        : [{ kind: 'heading', level: Number(token.depth), start, end: start + title.length }];
    }
    case 'code':
      return [{ kind: 'code', ...whole }];
    case 'table':
      return splitTable(token.raw);
    case 'list':
      return splitList(token.raw);
    case 'paragraph':
    case 'blockquote':
    case 'html':
    case 'text':
      return [{ kind: 'paragraph', ...whole }];
    default:
      return []; // Empty lines, rules, the addresses of links.
  }
}

function splitTable(table: string): Block[] {
  const [header, delimiter, ...rows] = splitLines(table);
  if (!header || !delimiter) return [];
  return [
    { kind: 'table-header', start: header.start, end: delimiter.end },
    ...rows.map(({ start, end }): Block => ({ kind: 'table-row', start, end })),
  ];
}

/** Each item is a block, those of lists within lists too: a new one begins at every marker outside of code. */
function splitList(list: string): Block[] {
  const items: Block[] = [];
  let isCode = false;
  for (const { start, end } of splitLines(list)) {
    const line = list.slice(start, Math.min(end, start + 200));
    const current = items.at(-1);
    if (current && (isCode || !/^[ \t]*(?:[-*+]|\d{1,9}[.)])(?:[ \t]|$)/.test(line))) current.end = end;
    else items.push({ kind: 'list-item', start, end });
    if (/^[ \t]*(?:(?:[-*+]|\d{1,9}[.)])[ \t]+)?(?:```|~~~)/.test(line)) isCode = !isCode;
  }
  return items;
}

function splitLines(text: string): { start: number; end: number }[] {
  const lines: { start: number; end: number }[] = [];
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    lines.push({ start, end: end < 0 ? text.length : end });
    start = end < 0 ? text.length : end + 1;
  }
  return lines;
}

const shift = ({ start, end }: Block, by: number) => ({ start: start + by, end: end + by });

/** Without the white space around it; indentation is part of code. */
function pushTrimmed(blocks: Block[], text: string, block: Block): void {
  const content = text.slice(block.start, block.end);
  const end = block.start + content.trimEnd().length;
  const margin = block.kind === 'code' ? /^\s*\n/ : /^\s+/;
  const start = block.start + (margin.exec(content)?.[0].length ?? 0);
  if (start < end) blocks.push({ ...block, start, end });
}
