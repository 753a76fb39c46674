import { sql } from 'kysely';
import { SEGMENT_LENGTH } from '../database/document-text.ts';
import type { Db } from '../database/open-database.ts';

/** What is shown of a found passage. Each text is `text.slice(start, end)` of the version's text. */
export type PassageDetails = {
  passageId: number;
  documentId: number;
  /** The version of the document that was searched. */
  versionId: number;
  filename: string;
  /** The document's, or its file's own. */
  title: string | null;
  /** From the highest level to the nearest. */
  headings: string[];
  /** Null when the format has none. */
  page: number | null;
  /** As detected, BCP 47. */
  language: string | null;
  /** What the text was preceded by when it was embedded. */
  prefix: string;
  /** Its place among the version's passages. */
  ordinal: number;
  start: number;
  end: number;
  text: string;
  /** The chunk that holds most of the passage. */
  chunk: { id: number; start: number; end: number; tokenCount: number };
};

/** Chunks that a passage can overlap, also with a small CHUNK_SIZE. */
const MOST_CHUNKS_OF_A_PASSAGE = 8;

/**
 * The passages that are still there, in the order of the ids. One statement: places and texts come from the
 * same moment, and every round trip is a tenth of a search. The passages first and by their key, and
 * chunks and texts last, whatever the planner thinks: without statistics it takes a workspace for a handful of rows and
 * looks at the chunks of all of them.
 */
export async function readPassageDetails(
  db: Db,
  workspaceId: number,
  passageIds: number[],
): Promise<PassageDetails[]> {
  if (passageIds.length === 0) return [];
  const { rows } = await sql<DetailsRow>`
    /* prepared: passage-details */
    WITH passage AS MATERIALIZED (
      SELECT id, version_id, ordinal, start_offset, end_offset, headings, page, context_prefix FROM passages
      WHERE workspace_id = ${workspaceId} AND id = ANY(${passageIds}::bigint[])
    ), placed AS MATERIALIZED (
      SELECT passage.*, version.document_id, version.filename, version.language,
        coalesce(document.title, version.title) AS title
      FROM passage
      JOIN document_versions AS version ON version.workspace_id = ${workspaceId} AND version.id = passage.version_id
        AND version.role = 'current' AND version.state = 'ready'
      JOIN documents AS document ON document.workspace_id = ${workspaceId} AND document.id = version.document_id
    )
    SELECT passage.id, passage.document_id, passage.version_id, passage.ordinal, passage.start_offset,
      passage.end_offset, passage.filename, passage.title, passage.headings, passage.page, passage.context_prefix,
      passage.language, chunk.id AS chunk_id, chunk.start_offset AS chunk_start, chunk.end_offset AS chunk_end,
      chunk.token_count, segments.start_offset AS segments_start, segments.content
    FROM unnest(${passageIds}::bigint[]) WITH ORDINALITY AS found (passage_id, place)
    JOIN placed AS passage ON passage.id = found.passage_id
    CROSS JOIN LATERAL (
      SELECT * FROM (
        SELECT id, start_offset, end_offset, token_count FROM chunks
        WHERE workspace_id = ${workspaceId} AND version_id = passage.version_id
          AND start_offset < passage.end_offset
        ORDER BY start_offset DESC LIMIT ${MOST_CHUNKS_OF_A_PASSAGE}
      ) AS near
      WHERE near.end_offset > passage.start_offset
      ORDER BY least(near.end_offset, passage.end_offset) - greatest(near.start_offset, passage.start_offset) DESC,
        near.start_offset
      LIMIT 1
    ) AS chunk
    CROSS JOIN LATERAL (
      SELECT min(start_offset) AS start_offset, string_agg(content, '' ORDER BY start_offset) AS content
      FROM document_texts
      WHERE workspace_id = ${workspaceId} AND version_id = passage.version_id
        AND start_offset > passage.start_offset - ${SEGMENT_LENGTH}::int AND start_offset < passage.end_offset
    ) AS segments
    WHERE segments.content IS NOT NULL
    ORDER BY found.place`.execute(db);
  return rows.map(toDetails);
}

type DetailsRow = {
  id: number;
  document_id: number;
  version_id: number;
  ordinal: number;
  filename: string;
  title: string | null;
  headings: string[];
  page: number | null;
  language: string | null;
  context_prefix: string;
  start_offset: number;
  end_offset: number;
  chunk_id: number;
  chunk_start: number;
  chunk_end: number;
  token_count: number;
  /** Where `content` begins in the version's text; it reaches beyond the passage's end. */
  segments_start: number;
  content: string;
};

function toDetails(row: DetailsRow): PassageDetails {
  return {
    passageId: row.id,
    documentId: row.document_id,
    versionId: row.version_id,
    filename: row.filename,
    title: row.title,
    headings: row.headings,
    page: row.page,
    language: row.language,
    prefix: row.context_prefix,
    ordinal: row.ordinal,
    start: row.start_offset,
    end: row.end_offset,
    text: copyOf(
      row.content.slice(row.start_offset - row.segments_start, row.end_offset - row.segments_start),
    ),
    chunk: { id: row.chunk_id, start: row.chunk_start, end: row.chunk_end, tokenCount: row.token_count },
  };
}

/** A slice keeps the whole string that it is cut from: ten times as much, for as long as its answer runs. */
function copyOf(text: string): string {
  // Two bytes for each character are half of them too many for most texts.
  const encoding = /[\u0100-\uffff]/.test(text) ? 'utf16le' : 'latin1';
  return Buffer.from(text, encoding).toString(encoding);
}
