/** As much as a page must cope with, put straight into the tables: uploads and answers would take minutes. */
import { randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import type { Db } from '../../server/database/open-database.ts';

/** Documents without passages, all ready, named `report-1.txt` and so on. */
export async function addManyDocuments(db: Db, count: number): Promise<void> {
  const { id: workspaceId } = await db.selectFrom('workspaces').select('id').executeTakeFirstOrThrow();
  await sql`
    WITH document AS (
      INSERT INTO documents (workspace_id) SELECT ${workspaceId} FROM generate_series(1, ${count}::int)
      RETURNING id
    ), file AS (
      INSERT INTO stored_files (workspace_id, document_id) SELECT ${workspaceId}, id FROM document
      RETURNING id, document_id
    )
    INSERT INTO document_versions (workspace_id, document_id, file_id, role, filename, media_type, byte_size,
      sha256, state, progress, passage_count)
    SELECT ${workspaceId}, document_id, id, 'current', 'report-' || row_number() OVER (ORDER BY document_id) || '.txt',
      'text/plain', 1000 + 7 * document_id, ${randomBytes(8).toString('hex')} || id, 'ready', 1, 0
    FROM file`.execute(db);
}

/**
 * A session of so many messages, questions and answers in turn.
 *
 * @param like an answer with sources and citations, which all answers then are; without one they have none.
 * @returns its id.
 */
export async function addLongSession(db: Db, messages: number, like = 0): Promise<number> {
  const { id: workspaceId } = await db.selectFrom('workspaces').select('id').executeTakeFirstOrThrow();
  const { rows } = await sql<{ id: number }>`
    INSERT INTO sessions (workspace_id, title, title_origin) VALUES (${workspaceId}, 'A long chat', 'user')
    RETURNING id`.execute(db);
  const session = rows[0]?.id ?? 0;
  const said = Array.from({ length: messages }, (_, at) => ({
    role: at % 2 === 0 ? 'user' : 'assistant',
    content:
      at % 2 === 0 ? `Question ${at / 2 + 1}: what is kept, and for how long?` : answerText((at + 1) / 2),
  }));
  await sql`
    INSERT INTO messages (workspace_id, session_id, role, content, state, finish_reason, model, evidence, stream)
    SELECT ${workspaceId}, ${session}, said.role, coalesce(model_answer.content, said.content), 'complete',
      model_answer.finish_reason, model_answer.model, model_answer.evidence, model_answer.stream
    FROM jsonb_to_recordset(${JSON.stringify(said)}::jsonb) AS said (role text, content text)
    LEFT JOIN messages AS model_answer ON model_answer.id = ${like} AND said.role = 'assistant'`.execute(db);
  await sql`
    UPDATE messages SET parent_id = previous.id
    FROM (
      SELECT id AS message_id, lag(id) OVER (ORDER BY id) AS id FROM messages WHERE session_id = ${session}
    ) AS previous
    WHERE messages.id = previous.message_id`.execute(db);
  await sql`
    UPDATE sessions SET active_message_id = (SELECT max(id) FROM messages WHERE session_id = ${session})
    WHERE id = ${session}`.execute(db);
  return session;
}

/** As answers are: a paragraph, a list, and now and then a table or code. */
function answerText(number: number): string {
  const parts = [
    `Answer ${number}: backups are kept for **30 days** in the second region. Only the platform team may restore them, and every restore is written down with its reason.`,
    '- Daily copies go after a month.\n- Weekly copies go after a year.\n- What the law demands stays for seven years.',
  ];
  if (number % 4 === 0)
    parts.push('| Copy | Kept |\n| --- | --- |\n| Daily | 30 days |\n| Weekly | 12 months |');
  if (number % 5 === 0) parts.push('```bash\nrestore --from second-region --reason audit\n```');
  return parts.join('\n\n');
}
