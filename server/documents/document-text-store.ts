import { readTextRanges } from '../database/document-text.ts';
import type { Db } from '../database/open-database.ts';
import { type DocumentRow, getDocument } from './document-store.ts';
import type { Outline } from './reading/outline.ts';

/** A version can be replaced and removed while it is read, but not every time. */
const MOST_READINGS = 5;

type TextPart = { version: number; textLength: number; start: number; end: number; text: string };

/**
 * `text.slice(start, end)` of the document's text, with the offsets that this comes to.
 *
 * @throws NotFoundError
 */
export async function readText(
  db: Db,
  workspaceId: number,
  id: number,
  range: { start: number; end: number },
): Promise<TextPart> {
  return readCurrent(db, workspaceId, id, async ({ version_id, text_length }) => {
    const start = Math.min(range.start, text_length);
    const end = Math.min(range.end, text_length);
    const [text = ''] = await readTextRanges(db, workspaceId, [{ versionId: version_id, start, end }]);
    const part = { version: version_id, textLength: text_length, start, end, text: text.toWellFormed() };
    return { result: part, isWhole: text.length === end - start };
  });
}

/** Reads of the document's current version; again when it was removed at that moment. */
async function readCurrent<Result>(
  db: Db,
  workspaceId: number,
  id: number,
  read: (document: DocumentRow) => Promise<{ result: Result; isWhole: boolean }>,
): Promise<Result> {
  for (let reading = 1; ; reading += 1) {
    const { result, isWhole } = await read(await getDocument(db, workspaceId, id));
    if (isWhole || reading === MOST_READINGS) return result;
  }
}

type NamedHeading = Outline['headings'][number] & { title: string };

type NamedOutline = Omit<Outline, 'headings'> & { version: number; headings: NamedHeading[] };

/**
 * The headings with their texts; nothing while the document is not read yet.
 *
 * @throws NotFoundError
 */
export async function readOutline(db: Db, workspaceId: number, id: number): Promise<NamedOutline> {
  return readCurrent(db, workspaceId, id, async ({ version_id, state }) => {
    const outline = await findOutline(db, workspaceId, version_id);
    const { headings = [], pageStarts = [], tables = [] } = outline ?? {};
    const ranges = headings.map(({ start, end }) => ({ versionId: version_id, start, end }));
    const titles = await readTextRanges(db, workspaceId, ranges);
    const named = headings.map((heading, index) => ({ ...heading, title: titles[index] ?? '' }));
    const isWhole =
      (outline !== undefined || state !== 'ready') &&
      named.every(({ title, start, end }) => title.length === end - start);
    return { result: { version: version_id, headings: named, pageStarts, tables }, isWhole };
  });
}

/** Undefined while the version is not read yet, and when it is gone. */
export async function findOutline(
  db: Db,
  workspaceId: number,
  versionId: number,
): Promise<Outline | undefined> {
  const row = await db
    .selectFrom('document_outlines')
    .select('outline')
    .where('workspace_id', '=', workspaceId)
    .where('version_id', '=', versionId)
    .executeTakeFirst();
  return row?.outline as Outline | undefined; // As the ingestion wrote it.
}
