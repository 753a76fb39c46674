import { sql } from 'kysely';
import type { Db, Trx } from './open-database.ts';

/**
 * UTF-16 units per stored segment. A passage of a document of 5 MB is read by fetching one or two of
 * these; PostgreSQL's own substring() counts code points and would decompress the whole text.
 */
export const SEGMENT_LENGTH = 4_096;

export type TextSegment = { start: number; content: string };
export type TextRange = { versionId: number; start: number; end: number };

/** A text's UTF-16 units, which can be handed from one thread to another without a copy. */
export function toUnits(text: string): Uint16Array<ArrayBuffer> {
  const units = new Uint16Array(text.length);
  Buffer.from(units.buffer).write(text, 'utf16le');
  return units;
}

/** The text in segments that never tear a surrogate pair. */
export function* cutIntoSegments(units: Uint16Array): Generator<TextSegment> {
  for (let start = 0; start < units.length; ) {
    let end = Math.min(start + SEGMENT_LENGTH, units.length);
    if (end < units.length && isHighSurrogate(units[end - 1] ?? 0)) end -= 1;
    const bytes = Buffer.from(units.buffer, units.byteOffset + 2 * start, 2 * (end - start));
    yield { start, content: bytes.toString('utf16le') };
    start = end;
  }
}

const isHighSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdbff;

export async function saveTextSegments(
  trx: Trx,
  workspaceId: number,
  versionId: number,
  segments: TextSegment[],
): Promise<void> {
  if (segments.length === 0) return;
  const rows = segments.map(({ start, content }) => ({
    workspace_id: workspaceId,
    version_id: versionId,
    start_offset: start,
    content,
  }));
  await trx.insertInto('document_texts').values(rows).execute();
}

/** The texts of the ranges, in their order: each is `text.slice(start, end)` of its version's text. */
export async function readTextRanges(db: Db, workspaceId: number, ranges: TextRange[]): Promise<string[]> {
  if (ranges.length === 0) return [];
  const column = (key: keyof TextRange) => sql`${ranges.map(range => range[key])}::bigint[]`;
  const { rows } = await sql<{ range: number; start_offset: number; content: string }>`
    SELECT wanted.range::int AS range, segment.start_offset, segment.content
    FROM unnest(${column('versionId')}, ${column('start')}, ${column('end')})
      WITH ORDINALITY AS wanted (version_id, start_offset, end_offset, range)
    JOIN document_texts AS segment
      ON segment.workspace_id = ${workspaceId} AND segment.version_id = wanted.version_id
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
