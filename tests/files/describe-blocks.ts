import assert from 'node:assert/strict';
import type { ParsedDocument } from '../../server/documents/reading/parsed-document.ts';

/** Each block as "kind: its text", headings with their level ("heading 2: …"); checks the map on the way. */
export function describeBlocks(document: ParsedDocument): string[] {
  checkParsedDocument(document);
  return document.blocks.map(block => {
    const kind = block.kind === 'heading' ? `heading ${block.level}` : block.kind;
    return `${kind}: ${document.text.slice(block.start, block.end)}`;
  });
}

/** What holds for whatever a parser makes, also of a hostile file. */
export function checkParsedDocument({ text, blocks, pageStarts }: ParsedDocument): void {
  assert.ok(text.isWellFormed(), 'no lone surrogates');
  assert.doesNotMatch(text, /[\0\r]/);
  let at = 0;
  for (const { start, end } of blocks) {
    assert.equal(text.slice(at, start).trim(), '', 'nothing between blocks');
    assert.ok(at <= start && start < end && end <= text.length, `${at} <= ${start} < ${end}`);
    assert.notEqual(text.slice(start, end).trim(), '', 'no block without text');
    at = end;
  }
  assert.equal(text.slice(at).trim(), '', 'nothing after the last block');
  assert.deepEqual(
    pageStarts,
    pageStarts.toSorted((a, b) => a - b),
  );
  assert.ok((pageStarts.at(-1) ?? 0) <= text.length);
}
