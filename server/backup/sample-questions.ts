import { type Kysely, sql } from 'kysely';
import type { Schema } from '../database/schema.ts';

export type SampleQuestion = { workspaceId: number; question: string };

const MOST_WORKSPACES = 5;
const MOST_OF_EACH_KIND = 5;
/** UTF-16 units. */
const MOST_CHARACTERS = 200;

/**
 * Questions that say whether a restored database finds what the saved one found: stored cases, what people have
 * asked last, and the beginnings of the newest documents, of a few workspaces.
 */
export async function sampleQuestions(db: Kysely<Schema>): Promise<SampleQuestion[]> {
  const { rows } = await sql<{ workspace_id: number; texts: string[] }>`
    SELECT id AS workspace_id, array(
      (SELECT question FROM evaluation_cases AS own WHERE own.workspace_id = one.id
        ORDER BY own.id DESC LIMIT ${MOST_OF_EACH_KIND})
      UNION ALL
      (SELECT content FROM messages AS own WHERE own.workspace_id = one.id AND role = 'user'
        ORDER BY own.id DESC LIMIT ${MOST_OF_EACH_KIND})
      UNION ALL
      (SELECT left(content, ${MOST_CHARACTERS}) FROM document_texts AS own
        JOIN document_versions AS version ON version.workspace_id = own.workspace_id AND version.id = own.version_id
        WHERE own.workspace_id = one.id AND start_offset = 0 AND role = 'current' AND state = 'ready'
        ORDER BY version.id DESC LIMIT ${MOST_OF_EACH_KIND})) AS texts
    FROM (SELECT id FROM workspaces ORDER BY id LIMIT ${MOST_WORKSPACES}) AS one`.execute(db);
  return rows.flatMap(({ workspace_id: workspaceId, texts }) =>
    [...new Set(texts.map(toQuestion))]
      .filter(question => question !== '')
      .map(question => ({ workspaceId, question })),
  );
}

const toQuestion = (text: string) =>
  text.slice(0, MOST_CHARACTERS).toWellFormed().replace(/\s+/g, ' ').trim();
