import { decodeText } from '../decode-text.ts';
import type { Block, DocumentFile, ParsedDocument } from '../parsed-document.ts';

/** Source code, as it stands: each function, class or other part that blank lines set off is one block. */
export function parseSourceCode({ bytes, charset }: DocumentFile): ParsedDocument {
  const { text, notes } = decodeText(bytes, charset);
  return { text, blocks: findParts(text), pageStarts: [], title: undefined, notes };
}

/** A part begins at a line without indentation after a blank one. */
function findParts(text: string): Block[] {
  const parts: Block[] = [];
  let afterBlank = true;
  for (let start = 0; start < text.length; ) {
    const lineEnd = text.indexOf('\n', start);
    const next = lineEnd < 0 ? text.length : lineEnd + 1;
    const end = start + text.slice(start, next).trimEnd().length;
    const current = parts.at(-1);
    if (end > start && current && !(afterBlank && beginsPart(text, start))) current.end = end;
    else if (end > start) parts.push({ kind: 'code', start, end });
    afterBlank = end === start;
    start = next;
  }
  return parts;
}

/** What closes or goes on with the part before it begins none. */
const beginsPart = (text: string, start: number) =>
  !/^(?:[\s})\]]|end\b|else\b|elif\b|except\b|finally\b|catch\b)/.test(text.slice(start, start + 8));
