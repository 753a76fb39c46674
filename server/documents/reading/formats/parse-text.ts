import { decodeText } from '../decode-text.ts';
import type { DocumentFile, ParsedDocument } from '../parsed-document.ts';

/** Plain text, as it stands. What looks like a heading in one is as often something else. */
export function parseText({ bytes, charset }: DocumentFile): ParsedDocument {
  const { text, notes } = decodeText(bytes, charset);
  return { text, blocks: [], pageStarts: [], title: undefined, notes };
}
