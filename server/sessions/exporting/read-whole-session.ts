import type { Db } from '../../database/open-database.ts';
import { branchTo } from '../branches/branch-to.ts';
import { type BranchMessage, readTree } from '../branches/read-branch.ts';
import { readMessages } from '../message-store.ts';
import type { SessionRow } from '../session-store.ts';

type WholeMessage = BranchMessage & { trace: object | null };

/** All messages of a session, oldest first, and the ids of those on its active branch. */
export async function readWholeSession(
  db: Db,
  workspaceId: number,
  session: SessionRow,
): Promise<{ branch: number[]; messages: WholeMessage[] }> {
  const tree = await readTree(db, { workspaceId, sessionId: session.id });
  const rows = await readMessages(
    db,
    workspaceId,
    tree.map(({ id }) => id),
  );
  const traces = await db
    .selectFrom('messages')
    .select(['id', 'trace'])
    .where('workspace_id', '=', workspaceId)
    .where('session_id', '=', session.id)
    .execute();
  const traceOf = new Map(traces.map(({ id, trace }) => [id, trace]));
  const siblings = Map.groupBy(tree, ({ parent_id }) => parent_id);
  return {
    branch: branchTo(tree, session.active_message_id).map(({ id }) => id),
    messages: rows.map(row => ({
      ...row,
      versions: (siblings.get(row.parent_id) ?? []).map(({ id }) => id),
      trace: traceOf.get(row.id) ?? null,
    })),
  };
}
