import { readTextRanges } from '../database/document-text.ts';
import type { Db } from '../database/open-database.ts';
import type { DocumentRow } from './document-store.ts';
import type { Outline } from './reading/outline.ts';

type TextPart = { start: number; end: number; text: string };

/** `text.slice(start, end)` of the document's text, with the offsets that this comes to. */
export async function readText(
  db: Db,
  workspaceId: number,
  { version_id, text_length }: DocumentRow,
  range: { start: number; end: number },
): Promise<TextPart> {
  const start = Math.min(range.start, text_length);
  const end = Math.min(range.end, text_length);
  const [text = ''] = await readTextRanges(db, workspaceId, [{ versionId: version_id, start, end }]);
  return { start, end, text: text.toWellFormed() };
}

export type NamedHeading = Outline['headings'][number] & { title: string };

/** The headings with their texts; nothing while the document is not read yet. */
export async function readOutline(
  db: Db,
  workspaceId: number,
  versionId: number,
): Promise<Omit<Outline, 'headings'> & { headings: NamedHeading[] }> {
  const row = await db
    .selectFrom('document_outlines')
    .select('outline')
    .where('workspace_id', '=', workspaceId)
    .where('version_id', '=', versionId)
    .executeTakeFirst();
  // As the ingestion wrote it.
  const outline = (row?.outline ?? { headings: [], pageStarts: [], tables: [] }) as Outline;
  const ranges = outline.headings.map(({ start, end }) => ({ versionId, start, end }));
  const titles = await readTextRanges(db, workspaceId, ranges);
  return {
    ...outline,
    headings: outline.headings.map((heading, index) => ({ ...heading, title: titles[index] ?? '' })),
  };
}
