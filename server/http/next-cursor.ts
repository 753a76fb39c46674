/** The cursor of the page after a full one: its last id. */
export function nextCursor(rows: { id: number }[], limit: number): string | null {
  const last = rows.at(-1);
  return last && rows.length === limit ? String(last.id) : null;
}
