/** A heading among the headings that it stands under; the root stands for the document itself. */
export type OutlineNode = {
  /** Cleaned; empty for the root. */
  readonly heading: string;
  readonly level: number;
  /** Headings above and including this one. */
  readonly depth: number;
  readonly parent: OutlineNode | undefined;
};

export const outlineRoot: OutlineNode = { heading: '', level: 0, depth: 0, parent: undefined };

/** HTML and Word know no more that matter; with a limit, paths stay short whatever a parser says. */
const lowestLevel = 6;

/** The node of a heading that follows on the section of `current`. @param level 1 is the highest. */
export function addHeading(current: OutlineNode, level: number, heading: string): OutlineNode {
  const limited = Math.min(Math.max(level, 1), lowestLevel);
  let parent = current;
  while (parent.parent && parent.level >= limited) parent = parent.parent;
  return { heading, level: limited, depth: parent.depth + 1, parent };
}

/** The lowest node that both stand under or are. */
export function commonAncestor(one: OutlineNode, other: OutlineNode): OutlineNode {
  let [a, b] = [one, other];
  while (a !== b) {
    if (a.depth >= b.depth && a.parent) a = a.parent;
    else if (b.parent) b = b.parent;
    else break;
  }
  return a;
}

/** From the highest heading to the nearest; none for the root. */
export function headingPath(node: OutlineNode): string[] {
  const path: string[] = [];
  for (let at = node; at.parent; at = at.parent) if (at.heading !== '') path.push(at.heading);
  return path.reverse();
}
