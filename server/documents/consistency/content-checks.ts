/** Whether what was made of every file is there, whole, and fits together. */
import { sql } from 'kysely';
import { type Check, findRows, readAgain } from './check.ts';

/** The versions that are found or were: all that must be whole. */
const wholeVersions = sql`document_versions AS version WHERE version.state = 'ready' AND version.role = 'current'`;

export const contentChecks: Check[] = [
  {
    name: 'incomplete_files',
    meaning: 'Stored files with bytes missing. Upload them again: PUT /api/document/{id}/.',
    find: db =>
      findRows(
        db,
        sql`SELECT version.workspace_id, version.document_id, version.id,
            coalesce(sum(length(part.content)), 0) || ' of ' || version.byte_size || ' bytes' AS detail
          FROM document_versions AS version
          LEFT JOIN file_parts AS part ON part.workspace_id = version.workspace_id AND part.file_id = version.file_id
          WHERE version.role <> 'past'
          GROUP BY version.workspace_id, version.document_id, version.id, version.byte_size
          HAVING coalesce(sum(length(part.content)), 0) <> version.byte_size`,
      ),
    repair: undefined,
  },
  {
    name: 'incomplete_texts',
    meaning: 'Documents with parts of their text missing. Repairing reads the file again.',
    find: db =>
      findRows(
        db,
        // UTF-16 units: characters beyond the Basic Multilingual Plane have two.
        sql`SELECT version.workspace_id, version.document_id, version.id,
            coalesce(sum(text.units), 0) || ' of ' || version.text_length || ' units' AS detail
          FROM (SELECT version.* FROM ${wholeVersions}) AS version
          LEFT JOIN LATERAL (
            SELECT length(content) + regexp_count(content, '[\\U00010000-\\U0010FFFF]') AS units
            FROM document_texts WHERE workspace_id = version.workspace_id AND version_id = version.id
          ) AS text ON true
          GROUP BY version.workspace_id, version.document_id, version.id, version.text_length
          HAVING coalesce(sum(text.units), 0) <> version.text_length`,
      ),
    repair: readAgain,
  },
  {
    name: 'incomplete_passages',
    meaning: 'Documents whose passages or chunks do not cover their text. Repairing reads the file again.',
    find: db =>
      findRows(
        db,
        sql`SELECT version.workspace_id, version.document_id, version.id,
            passages.count || ' of ' || version.passage_count || ' passages, ' || chunks.count || ' of ' ||
              version.chunk_count || ' chunks' AS detail
          FROM (SELECT version.* FROM ${wholeVersions}) AS version
          CROSS JOIN LATERAL (
            SELECT count(*) AS count, coalesce(bool_and(start_offset = before), false) AS adjoining,
              max(end_offset) AS last
            FROM (SELECT start_offset, end_offset, lag(end_offset, 1, 0) OVER (ORDER BY ordinal) AS before
              FROM passages WHERE workspace_id = version.workspace_id AND version_id = version.id) AS cut
          ) AS passages
          CROSS JOIN LATERAL (
            SELECT count(*) AS count FROM chunks
            WHERE workspace_id = version.workspace_id AND version_id = version.id
          ) AS chunks
          WHERE passages.count <> version.passage_count OR chunks.count <> version.chunk_count
            OR NOT passages.adjoining OR passages.last <> version.text_length`,
      ),
    repair: readAgain,
  },
];
