import { DocumentError } from '../../../errors.ts';
import type { Block, DocumentNote, ParsedDocument } from '../parsed-document.ts';

/** UTF-16 units. */
const LONGEST_TEXT = 64 * 1024 * 1024;
const MOST_NOTES = 20;

/**
 * Several documents as one: each under a heading with its path, its own headings one level lower. Its pages are
 * dropped: page 3 of what?
 *
 * @param skipped what was left out, as sentences.
 */
export function joinDocuments(
  documents: { path: string; document: ParsedDocument }[],
  skipped: string[],
): ParsedDocument {
  const parts: string[] = [];
  const blocks: Block[] = [];
  const notes: DocumentNote[] = skipped.map(message => ({ code: 'content_skipped', message }));
  let length = 0;
  const write = (text: string) => {
    parts.push(text);
    length += text.length;
  };
  for (const { path, document } of documents) {
    if (length > 0) write('\n\n');
    blocks.push({ kind: 'heading', level: 1, start: length, end: length + path.length });
    write(`${path}\n\n`);
    for (const block of document.blocks) blocks.push(shift(block, length));
    write(document.text);
    for (const { code, message } of document.notes)
      if (notes.length < MOST_NOTES) notes.push({ code, message: `${path}: ${message}` });
    if (length > LONGEST_TEXT)
      throw new DocumentError(
        'document_too_complex',
        'The archive holds more text than Lectern reads at once.',
      );
  }
  return { text: parts.join(''), blocks, pageStarts: [], title: undefined, notes };
}

function shift(block: Block, by: number): Block {
  const place = { start: block.start + by, end: block.end + by };
  if (block.kind === 'heading') return { kind: 'heading', level: Math.min(block.level + 1, 6), ...place };
  return { kind: block.kind, ...place };
}
