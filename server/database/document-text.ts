import { sql } from 'kysely';
import type { Db, Trx } from './open-database.ts';

/**
 * UTF-16 units per stored segment. A passage of a document of 5 MB is read by fetching one or two of
 * these; PostgreSQL's own substring() counts code points and would decompress the whole text.
 */
const SEGMENT_LENGTH = 4_096;
/** Segments per INSERT: about 2 MB. */
const SEGMENTS_PER_STATEMENT = 500;

export type TextRange = { documentId: number; start: number; end: number };

/** Saves a document's text in segments that never tear a surrogate pair. */
export async function saveDocumentText(
  trx: Trx,
  workspaceId: number,
  documentId: number,
  text: string,
): Promise<void> {
  const segments = [...cutIntoSegments(text)];
  for (let first = 0; first < segments.length; first += SEGMENTS_PER_STATEMENT) {
    const rows = segments.slice(first, first + SEGMENTS_PER_STATEMENT).map(({ start, content }) => ({
      workspace_id: workspaceId,
      document_id: documentId,
      start_offset: start,
      content,
    }));
    await trx.insertInto('document_texts').values(rows).execute();
  }
}

function* cutIntoSegments(text: string): Generator<{ start: number; content: string }> {
  for (let start = 0; start < text.length; ) {
    let end = Math.min(start + SEGMENT_LENGTH, text.length);
    if (end < text.length && isHighSurrogate(text.charCodeAt(end - 1))) end -= 1;
    yield { start, content: text.slice(start, end) };
    start = end;
  }
}

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;

/** A document's whole text. */
export async function readDocumentText(db: Db, workspaceId: number, documentId: number): Promise<string> {
  const segments = await db
    .selectFrom('document_texts')
    .select('content')
    .where('workspace_id', '=', workspaceId)
    .where('document_id', '=', documentId)
    .orderBy('start_offset')
    .execute();
  return segments.map(segment => segment.content).join('');
}

/** The texts of the ranges, in their order: each is `text.slice(start, end)` of its document. */
export async function readTextRanges(db: Db, workspaceId: number, ranges: TextRange[]): Promise<string[]> {
  if (ranges.length === 0) return [];
  const column = (key: keyof TextRange) => sql`${ranges.map(range => range[key])}::bigint[]`;
  const { rows } = await sql<{ range: number; start_offset: number; content: string }>`
    SELECT wanted.range::int AS range, segment.start_offset, segment.content
    FROM unnest(${column('documentId')}, ${column('start')}, ${column('end')})
      WITH ORDINALITY AS wanted (document_id, start_offset, end_offset, range)
    JOIN document_texts AS segment
      ON segment.workspace_id = ${workspaceId} AND segment.document_id = wanted.document_id
      AND segment.start_offset > wanted.start_offset - ${SEGMENT_LENGTH}::int
      AND segment.start_offset < wanted.end_offset
    ORDER BY wanted.range, segment.start_offset`.execute(db);
  const texts = ranges.map(() => '');
  const firstOffsets = new Map<number, number>();
  for (const { range, start_offset, content } of rows) {
    if (!firstOffsets.has(range)) firstOffsets.set(range, start_offset);
    texts[range - 1] += content;
  }
  return texts.map((text, index) => {
    const { start, end } = ranges[index] ?? { start: 0, end: 0 };
    const offset = firstOffsets.get(index + 1) ?? 0;
    return text.slice(start - offset, end - offset);
  });
}
