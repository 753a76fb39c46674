import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../server/database/open-database.ts';
import { countRows } from '../count-rows.ts';

/** All that came of a document's file, in the order of its text and without ids and times. */
export type DocumentContents = {
  /** Where the document is said to come from: tests write there what it went through. */
  source: string | null;
  versions: number;
  version: object;
  text: string;
  outline: object | null;
  chunks: object[];
  /** Of the lexical index. */
  index: object[];
  passages: object[];
};

/** The contents of every document, oldest first. */
export async function readContents(db: Db): Promise<DocumentContents[]> {
  const { rows } = await sql<{ id: number; source: string | null }>`
    SELECT id, source FROM documents ORDER BY id`.execute(db);
  const contents: DocumentContents[] = [];
  for (const { id, source } of rows) contents.push({ source, ...(await readDocumentContents(db, id)) });
  return contents;
}

async function readDocumentContents(db: Db, id: number): Promise<Omit<DocumentContents, 'source'>> {
  const versions = await select<{ id: number }>(
    db,
    sql`SELECT id, role, state, stage, progress, error_code, error_message, filename, media_type, title, language,
      notes, text_length, chunk_count, passage_count FROM document_versions WHERE document_id = ${id} ORDER BY id`,
  );
  const [{ id: versionId, ...version } = { id: 0 }] = versions;
  const texts = await select<{ content: string }>(
    db,
    sql`SELECT content FROM document_texts WHERE version_id = ${versionId} ORDER BY start_offset`,
  );
  const [outline] = await select<{ outline: object }>(
    db,
    sql`SELECT outline FROM document_outlines WHERE version_id = ${versionId}`,
  );
  return {
    versions: versions.length,
    version,
    text: texts.map(({ content }) => content).join(''),
    outline: outline?.outline ?? null,
    chunks: await select(
      db,
      sql`SELECT ordinal, start_offset, end_offset, token_count FROM chunks WHERE version_id = ${versionId}
        ORDER BY ordinal`,
    ),
    index: await select(
      db,
      sql`SELECT run.first_ordinal, encode(sha256(run.data), 'hex') AS run, encode(lexical.lengths, 'hex') AS lengths,
          lexical.name_length
        FROM lexical_documents AS lexical JOIN lexical_runs AS run ON run.version_id = lexical.version_id
        WHERE lexical.version_id = ${versionId} ORDER BY run.first_ordinal`,
    ),
    // The vector as pgvector sends it: every bit of every number counts.
    passages: await select(
      db,
      sql`SELECT passage.ordinal, start_offset, end_offset, context_prefix, headings, page, model.name AS model,
          embedded.version_id = passage.version_id AS of_version,
          encode(sha256(vector_send(embedded.embedding)), 'hex') AS embedding
        FROM passages AS passage
        LEFT JOIN passage_embeddings AS embedded ON embedded.passage_id = passage.id
        LEFT JOIN embedding_models AS model ON model.id = embedded.model_id
        WHERE passage.version_id = ${versionId} ORDER BY passage.ordinal`,
    ),
  };
}

async function select<Row extends object>(db: Db, query: RawBuilder<unknown>): Promise<Row[]> {
  const { rows } = await sql<Row>`${query}`.execute(db);
  return rows;
}

/** Tables whose rows are the installation's own, however many documents there are. */
const ownTables = ['schema_migrations', 'workspaces', 'index_versions', 'embedding_models'];

/**
 * Documents share their words' blocks, which are written when enough have come together. What is in them is
 * compared with the documents' own runs by the doctor, posting by posting.
 */
const sharedTable = 'lexical_blocks';

/** Rows per table that are compared: all but those that documents share. */
export async function countComparable(db: Db): Promise<Record<string, number>> {
  const { [sharedTable]: _, ...rows } = await countRows(db);
  return rows;
}

/** The rows per table of so many documents, when those of one are known and each is like it. */
export function rowsOfMany(rowsOfOne: Record<string, number>, documents: number): Record<string, number> {
  return Object.fromEntries(
    Object.entries(rowsOfOne).map(([table, rows]) => [
      table,
      ownTables.includes(table) ? rows : rows * documents,
    ]),
  );
}
