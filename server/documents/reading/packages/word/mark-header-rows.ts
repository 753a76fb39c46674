/** What this needs to know of mammoth's tree. */
type WordNode = { type?: unknown; children?: unknown; isHeader?: unknown; isBold?: unknown; value?: unknown };

/**
 * Few authors mark a table's first row as its header, but most write it in bold: when all of its text is, it is
 * taken for one. Changes the document, as mammoth's `transformDocument`, and returns it.
 */
export function markHeaderRows(document: unknown): unknown {
  for (const table of childrenOf(document)) {
    if (table.type !== 'table') continue;
    const [first, ...others] = childrenOf(table);
    if (first && others.length > 0 && childrenOf(first).length > 1 && isBoldThroughout(first))
      first.isHeader = true;
  }
  return document;
}

function isBoldThroughout(row: WordNode): boolean {
  let hasText = false;
  const pending = [{ node: row, isBold: false }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    const isBold = next.isBold || next.node.isBold === true;
    if (typeof next.node.value === 'string' && next.node.value.trim() !== '') {
      if (!isBold) return false;
      hasText = true;
    }
    for (const node of childrenOf(next.node)) pending.push({ node, isBold });
  }
  return hasText;
}

function childrenOf(node: unknown): WordNode[] {
  if (typeof node !== 'object' || node === null || !('children' in node)) return [];
  return Array.isArray(node.children) ? node.children.filter(isNode) : [];
}

const isNode = (value: unknown): value is WordNode => typeof value === 'object' && value !== null;
