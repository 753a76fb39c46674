import { sql } from 'kysely';
import { readTextRanges } from '../database/document-text.ts';
import type { Db } from '../database/open-database.ts';

/** A passage as it was once. */
export type RememberedPassage = {
  document_id: number;
  filename: string;
  start: number;
  end: number;
  /** The text from start to end. */
  quote: string;
};

/** Where it is today; what it was when it is gone. */
export type LocatedPassage = RememberedPassage & { state: 'there' | 'moved' | 'gone' };

type Version = { id: number; document_id: number; filename: string; text_length: number };

/** Documents of the same name that are looked through. */
const MOST_NAMESAKES = 5;

/**
 * Finds passages again by their text: where they were, else nearest to there in the same document, else in
 * documents of the same name, of which one may be the same document uploaded anew.
 */
export async function locatePassages(
  db: Db,
  workspaceId: number,
  passages: RememberedPassage[],
): Promise<LocatedPassage[]> {
  const versions = await readVersions(db, workspaceId, passages);
  const sameOf = ({ document_id }: RememberedPassage) =>
    versions.find(version => version.document_id === document_id);
  const ranges = passages.map(passage => ({ ...passage, versionId: sameOf(passage)?.id ?? 0 }));
  const texts = await readTextRanges(db, workspaceId, ranges);
  const located: LocatedPassage[] = [];
  for (const [index, passage] of passages.entries()) {
    const namesakes = versions
      .filter(({ filename }) => filename === passage.filename)
      .slice(0, MOST_NAMESAKES);
    located.push(
      texts[index] === passage.quote
        ? { ...passage, state: 'there' }
        : await searchPassage(db, workspaceId, passage, [sameOf(passage) ?? [], namesakes].flat()),
    );
  }
  return located;
}

/** The current versions of the passages' documents, and of those of the same names; newest first. */
async function readVersions(db: Db, workspaceId: number, passages: RememberedPassage[]): Promise<Version[]> {
  const ids = [...new Set(passages.map(({ document_id }) => document_id))];
  const names = [...new Set(passages.map(({ filename }) => filename))];
  return db
    .selectFrom('document_versions')
    .select(['id', 'document_id', 'filename', 'text_length'])
    .where('workspace_id', '=', workspaceId)
    .where('role', '=', 'current')
    .where('state', '=', 'ready')
    .where(sql<boolean>`(document_id = ANY(${ids}::bigint[]) OR filename = ANY(${names}::text[]))`)
    .orderBy('id', 'desc')
    .execute();
}

async function searchPassage(
  db: Db,
  workspaceId: number,
  passage: RememberedPassage,
  versions: Version[],
): Promise<LocatedPassage> {
  for (const { id, document_id, filename, text_length } of versions) {
    const range = { versionId: id, start: 0, end: text_length };
    const [text = ''] = await readTextRanges(db, workspaceId, [range]);
    const start = nearestOccurrence(text, passage.quote, passage.start);
    if (start === undefined) continue;
    return { ...passage, document_id, filename, start, end: start + passage.quote.length, state: 'moved' };
  }
  return { ...passage, state: 'gone' };
}

/** Where the quote stands in the text, nearest to an offset. */
function nearestOccurrence(text: string, quote: string, offset: number): number | undefined {
  let nearest: number | undefined;
  for (let at = text.indexOf(quote); at >= 0; at = text.indexOf(quote, at + 1)) {
    if (nearest === undefined || Math.abs(at - offset) < Math.abs(nearest - offset)) nearest = at;
    if (at > offset) break; // All that follow are farther away.
  }
  return nearest;
}
