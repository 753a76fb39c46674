import { decodeText } from '../decode-text.ts';
import type { Block, DocumentFile, ParsedDocument } from '../parsed-document.ts';
import { findMarkdownBlocks } from './markdown-blocks.ts';
import { splitMarkdown } from './markdown-sections.ts';

/** Markdown (GFM), as it stands: the marks stay in the text, the map says what they mean. */
export function parseMarkdown({ bytes, charset }: DocumentFile): ParsedDocument {
  const { text, notes } = decodeText(bytes, charset);
  const matter = findFrontMatter(text);
  const blocks: Block[] = matter ? [{ kind: 'paragraph', start: 0, end: matter.end }] : [];
  for (const { start, end } of splitMarkdown(text, matter?.end ?? 0))
    for (const block of findMarkdownBlocks(text.slice(start, end)))
      blocks.push({ ...block, start: start + block.start, end: start + block.end });
  return {
    text,
    blocks,
    pageStarts: [],
    title: matter?.title ?? findTitle(text, blocks, matter?.end ?? 0),
    notes,
  };
}

/** What static site generators keep at a page's beginning, in YAML or TOML; `end` is that of its last line. */
function findFrontMatter(text: string): { end: number; title: string | undefined } | undefined {
  const found = /^(---|\+\+\+)[ \t]*\n([\s\S]{0,50000}?)\n\1[ \t]*(?=\n|$)/.exec(text.slice(0, 60_000));
  const content = found?.[2] ?? '';
  // Between two lines there may also just be text.
  if (!found || !/^[\w-]+[ \t]*[:=]/m.test(content)) return undefined;
  const title = /^title[ \t]*[:=][ \t]*(\S.*)$/im.exec(content)?.[1]?.trim();
  return { end: found[0].trimEnd().length, title: title?.replace(/^(["'])(.*)\1$/, '$2') || undefined };
}

/** Badges and a notice may stand before it; a heading far down is that of a part. */
const MOST_BEFORE_TITLE = 2_000;

function findTitle(text: string, blocks: Block[], from: number): string | undefined {
  const heading = blocks.find(
    block => block.kind === 'heading' && block.level === 1 && block.start < from + MOST_BEFORE_TITLE,
  );
  return heading && removeMarks(text.slice(heading.start, heading.end));
}

/** A title is shown outside of Markdown: without emphasis, links and pictures. */
function removeMarks(title: string): string | undefined {
  return (
    title
      .slice(0, 1_000)
      .replace(/!?\[([^[\]]*)\]\([^()]*\)/g, '$1')
      .replace(/(?<!\\)\*+|`+|~~|<[^<>]*>|(?<!\w)_+|_+(?!\w)/g, '')
      .replace(/\\([!-/:-@[-`{-~])/g, '$1')
      .replace(/\s+/g, ' ')
      .trim() || undefined
  );
}
