/** A message in the tree of its session. */
export type TreeNode = { id: number; parent_id: number | null; role: 'user' | 'assistant' };

/** One branch, from the first question on: each message with those that stand in its place. */
export type BranchNode = TreeNode & { versions: number[] };

/**
 * The branch that a message is on; below it the newest. Without a message, or with one that is not there, that
 * of the newest message.
 *
 * @param nodes all messages of the session, by ascending id: a parent comes before its children.
 */
export function branchTo(nodes: TreeNode[], messageId: number | null): BranchNode[] {
  const byId = new Map(nodes.map(node => [node.id, node]));
  const children = Map.groupBy(nodes, node => node.parent_id);
  const chosen = (messageId === null ? undefined : byId.get(messageId)) ?? nodes.at(-1);
  const branch: BranchNode[] = [];
  const withVersions = (node: TreeNode): BranchNode => ({
    ...node,
    versions: (children.get(node.parent_id) ?? []).map(({ id }) => id),
  });
  for (let node = chosen; node; node = parentOf(node, byId)) branch.unshift(withVersions(node));
  for (let node = newestBelow(chosen, children); node; node = newestBelow(node, children))
    branch.push(withVersions(node));
  return branch;
}

const parentOf = ({ parent_id }: TreeNode, byId: Map<number, TreeNode>) =>
  parent_id === null ? undefined : byId.get(parent_id);

const newestBelow = (node: TreeNode | undefined, children: Map<number | null, TreeNode[]>) =>
  node && children.get(node.id)?.at(-1);
