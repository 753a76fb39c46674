import { sql } from 'kysely';
import type { Hit } from '../../../contract/sessions.ts';
import { type Asker, forAsker } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import type { TitleOrigin } from '../../database/schema.ts';
import { isOwn } from '../owning/own-sessions.ts';
import { snippetFinder } from './find-snippet.ts';
import { parseSearch, type SessionSearch, toTsquery } from './search-terms.ts';

export type SessionSummary = {
  id: number;
  created_at: Date;
  updated_at: Date;
  title: string | null;
  title_origin: TitleOrigin | null;
  pinned: boolean;
  message_count: number;
  hit: Hit | null;
};

type Row = Omit<SessionSummary, 'hit'> & {
  /** Of the last question, in microseconds since 1970: a Date would round it. */
  activity: number;
  message_id: number | null;
  role: 'user' | 'assistant' | null;
  content: string | null;
};

type Page = { cursor: string | undefined; limit: number; query: string | undefined };

/**
 * Those of who asks: pinned ones first, then those asked last.
 *
 * @param cursor the `nextCursor` of the page before.
 */
export async function listSessions(
  db: Db,
  asker: Asker,
  { cursor, limit, query }: Page,
): Promise<{ sessions: SessionSummary[]; nextCursor: string | null }> {
  const search = query ? parseSearch(query) : undefined;
  if (query && !search) return { sessions: [], nextCursor: null };
  const { rows } = await sql<Row>`
    WITH found AS (${search ? foundMessages(search) : nothingFound}), page AS (
      SELECT sessions.*, found.message_id FROM sessions LEFT JOIN found ON found.session_id = sessions.id
      WHERE ${isOwn(asker)} AND ${search ? isFound(search) : sql`true`}
        AND ${cursor ? isAfter(cursor) : sql`true`}
      ORDER BY sessions.pinned DESC, sessions.updated_at DESC, sessions.id DESC LIMIT ${limit}
    )
    SELECT page.id, page.created_at, page.updated_at, page.title, page.title_origin, page.pinned, page.message_id,
      (extract(epoch FROM page.updated_at) * 1000000)::bigint AS activity, hit.role, hit.content,
      (SELECT count(*)::int FROM messages
        WHERE messages.workspace_id = page.workspace_id AND messages.session_id = page.id) AS message_count
    FROM page LEFT JOIN messages AS hit ON hit.workspace_id = page.workspace_id AND hit.id = page.message_id
    ORDER BY page.pinned DESC, page.updated_at DESC, page.id DESC`.execute(forAsker(db, asker));
  const snippetOf = search && snippetFinder(search);
  const last = rows.length === limit ? rows.at(-1) : undefined;
  return {
    sessions: rows.map(({ activity, message_id, role, content, ...row }) => ({
      ...row,
      hit: snippetOf ? { message_id, role, ...snippetOf(content ?? row.title ?? '') } : null,
    })),
    nextCursor: last ? `${last.pinned ? 1 : 0}.${last.activity}.${last.id}` : null,
  };
}

const nothingFound = sql`SELECT NULL::bigint AS session_id, NULL::bigint AS message_id WHERE false`;

/** The newest of each session of the workspace that the handle leads to; whose they are is the sessions' to say. */
const foundMessages = (search: SessionSearch) => sql`
  SELECT session_id, message_id FROM messages_with_terms(${toTsquery(search)}::tsquery)`;

const isFound = (search: SessionSearch) =>
  sql`(found.message_id IS NOT NULL OR sessions.title_terms @@ ${toTsquery(search)}::tsquery)`;

function isAfter(cursor: string) {
  const [pinned, activity, id] = cursor.split('.').map(Number);
  return sql`(sessions.pinned, sessions.updated_at, sessions.id) < (
    ${pinned === 1}::boolean,
    timestamptz 'epoch' + ${activity}::double precision * interval '1 microsecond',
    ${id}::bigint)`;
}
