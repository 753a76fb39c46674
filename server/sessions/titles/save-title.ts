import { sql } from 'kysely';
import type { Db } from '../../database/open-database.ts';
import { searchTerms } from '../searching/search-terms.ts';

/** The columns of a title that the user gave. */
export const userTitle = (title: string) =>
  ({ title, title_origin: 'user', title_terms: titleTerms(title) }) as const;

/** A title by the language model takes the place of the question's words only. */
export async function saveModelTitle(
  db: Db,
  { workspaceId, sessionId, title }: { workspaceId: number; sessionId: number; title: string },
): Promise<void> {
  await db
    .updateTable('sessions')
    .set({ title, title_origin: 'model', title_terms: titleTerms(title) })
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', sessionId)
    .where('title_origin', '=', 'question')
    .execute();
}

/** The answer with its question when that is the first of its session, and names the session so far. */
export async function findFirstTurn(
  db: Db,
  workspaceId: number,
  messageId: number,
): Promise<{ question: string; answer: string } | undefined> {
  const { rows } = await sql<{ question: string; answer: string }>`
    SELECT question.content AS question, answer.content AS answer
    FROM messages AS answer
    JOIN messages AS question ON question.workspace_id = answer.workspace_id AND question.id = answer.parent_id
    JOIN sessions AS session ON session.workspace_id = answer.workspace_id AND session.id = answer.session_id
    WHERE answer.workspace_id = ${workspaceId} AND answer.id = ${messageId} AND answer.state = 'complete'
      AND question.parent_id IS NULL AND session.title_origin = 'question'`.execute(db);
  return rows[0];
}

/** A title of the question's words needs none: its message has them. */
const titleTerms = (title: string) => sql<string>`array_to_tsvector(${searchTerms(title)}::text[])`;
