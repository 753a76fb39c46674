import type { Db } from '../../database/open-database.ts';
import { NotFoundError } from '../../errors.ts';
import { type MessageRow, readMessages } from '../message-store.ts';
import { type BranchNode, branchTo } from './branch-to.ts';

export type BranchMessage = MessageRow & Pick<BranchNode, 'versions'>;

type Place = { workspaceId: number; sessionId: number };

/** The branch of a session that a message is on (branch-to.ts), from the first question on. */
export async function readBranch(db: Db, place: Place, messageId: number | null): Promise<BranchMessage[]> {
  const branch = branchTo(await readTree(db, place), messageId);
  const ids = branch.map(({ id }) => id);
  const rows = await readMessages(db, place.workspaceId, ids);
  const byId = new Map(rows.map(row => [row.id, row]));
  return branch.flatMap(({ id, versions }) => {
    const row = byId.get(id);
    return row ? { ...row, versions } : []; // Deleted at this moment.
  });
}

/**
 * The last message of the branch that a message is on.
 *
 * @throws NotFoundError when it is not in the session.
 */
export async function findLeaf(db: Db, place: Place, messageId: number): Promise<number> {
  const tree = await readTree(db, place);
  const leaf = branchTo(tree, messageId).at(-1);
  if (!leaf || !tree.some(({ id }) => id === messageId)) throw new NotFoundError('message');
  return leaf.id;
}

export function readTree(db: Db, { workspaceId, sessionId }: Place) {
  return db
    .selectFrom('messages')
    .select(['id', 'parent_id', 'role'])
    .where('workspace_id', '=', workspaceId)
    .where('session_id', '=', sessionId)
    .orderBy('id')
    .execute();
}
