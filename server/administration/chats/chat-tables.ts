import { sql } from 'kysely';
import type { z } from 'zod';
import type { chatMessageRow, chatQuery, chatRow } from '../../../contract/administration/chats.ts';
import type { Db } from '../../database/open-database.ts';
import { NotFoundError } from '../../errors.ts';
import {
  type Keyed,
  keysetPage,
  type PageRequest,
  readPage,
  type Sort,
  type TablePage,
} from '../tables/keyset-page.ts';

type ChatRow = z.output<typeof chatRow>;
type MessageRow = z.output<typeof chatMessageRow>;

const chatId = sql`s.id`;
const sorts: Record<z.output<typeof chatQuery>['sort'], Sort> = {
  updated_at: { by: sql`s.updated_at`, type: 'timestamptz' },
  created_at: { by: chatId, type: 'bigint' },
};

/** The sessions of a workspace, for somebody who is no member of it. */
export async function readChats(db: Db, workspaceId: number, page: PageRequest): Promise<TablePage<ChatRow>> {
  const { key, behind, orderBy } = keysetPage(page, sorts, chatId);
  const query = sql<
    Keyed & Omit<ChatRow, 'created_at' | 'updated_at'> & { created_at: Date; updated_at: Date }
  >`
    SELECT page.*, (SELECT count(*)::int FROM messages m
      WHERE m.workspace_id = ${workspaceId} AND m.session_id = page.id) AS messages
    FROM (
      SELECT s.id, ${key} AS sort_key, s.title, s.created_at, s.updated_at
      FROM sessions s WHERE s.workspace_id = ${workspaceId} AND ${behind} ORDER BY ${orderBy} LIMIT ${page.limit}
    ) AS page`;
  return readPage(db, page, query, ({ sort_key: _, created_at, updated_at, ...row }) => ({
    ...row,
    created_at: created_at.toISOString(),
    updated_at: updated_at.toISOString(),
  }));
}

const messageId = sql`m.id`;

/** All messages of a session, of whatever branch. @throws NotFoundError */
export async function readChatMessages(
  db: Db,
  workspaceId: number,
  sessionId: number,
  page: PageRequest,
): Promise<TablePage<MessageRow>> {
  const session = await db
    .selectFrom('sessions')
    .select('id')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', sessionId)
    .executeTakeFirst();
  if (!session) throw new NotFoundError('session');
  const { key, behind, orderBy } = keysetPage(page, { id: { by: messageId, type: 'bigint' } }, messageId);
  const query = sql<Keyed & Omit<MessageRow, 'created_at'> & { created_at: Date }>`
    SELECT m.id, ${key} AS sort_key, m.parent_id, m.role, m.state, m.content, m.model, m.created_at
    FROM messages m WHERE m.workspace_id = ${workspaceId} AND m.session_id = ${sessionId} AND ${behind}
    ORDER BY ${orderBy} LIMIT ${page.limit}`;
  return readPage(db, page, query, ({ sort_key: _, created_at, ...row }) => ({
    ...row,
    created_at: created_at.toISOString(),
  }));
}
