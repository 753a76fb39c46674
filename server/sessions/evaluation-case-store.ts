import type { Selectable } from 'kysely';
import type { Source } from '../../contract/chat.ts';
import { readTextRanges } from '../database/document-text.ts';
import type { Db } from '../database/open-database.ts';
import type { Schema } from '../database/schema.ts';
import { NotFoundError, RequestError } from '../errors.ts';
import { type LocatedPassage, locatePassages, type RememberedPassage } from './locate-passages.ts';

type CaseRow = Omit<Selectable<Schema['evaluation_cases']>, 'passages'> & { passages: RememberedPassage[] };

/** Its passages are where they are today. */
export type EvaluationCaseRow = Omit<CaseRow, 'passages'> & { passages: LocatedPassage[] };

type PassageRange = { document_id: number; start: number; end: number };

export type NewCase = {
  question: string | undefined;
  passages: PassageRange[] | undefined;
  /** An answer: what is undefined is taken from it. */
  messageId: number | undefined;
};

/** More is no passage but a chapter. */
const MOST_QUOTED = 20_000;

/**
 * @throws NotFoundError for an unknown document or message, RequestError for a range that is not in its text
 *   and for an answer without sources.
 */
export async function createEvaluationCase(
  db: Db,
  workspaceId: number,
  { question, passages, messageId }: NewCase,
): Promise<EvaluationCaseRow> {
  const answer = messageId === undefined ? undefined : await readAnswer(db, workspaceId, messageId);
  const quoted = passages ? await quotePassages(db, workspaceId, passages) : (answer?.passages ?? []);
  if (quoted.length === 0)
    throw new RequestError(
      'invalid_request',
      'The answer rests on no source: name the passages that would be right.',
    );
  const row = await db
    .insertInto('evaluation_cases')
    .values({
      workspace_id: workspaceId,
      question: question ?? answer?.question ?? '',
      passages: JSON.stringify(quoted),
      message_id: messageId ?? null,
    })
    .returningAll()
    .$castTo<CaseRow>()
    .executeTakeFirstOrThrow();
  return { ...row, passages: await locatePassages(db, workspaceId, quoted) };
}

/** Newest first; `before` is the last id of the page before. */
export async function listEvaluationCases(
  db: Db,
  workspaceId: number,
  { before, limit }: { before: number | undefined; limit: number },
): Promise<EvaluationCaseRow[]> {
  let query = db.selectFrom('evaluation_cases').selectAll().where('workspace_id', '=', workspaceId);
  if (before !== undefined) query = query.where('id', '<', before);
  const rows = await query.orderBy('id', 'desc').limit(limit).$castTo<CaseRow>().execute();
  const all = rows.flatMap(({ passages }) => passages);
  const located = await locatePassages(db, workspaceId, all);
  return rows.map(row => ({ ...row, passages: located.splice(0, row.passages.length) }));
}

/** @throws NotFoundError */
export async function deleteEvaluationCase(db: Db, workspaceId: number, id: number): Promise<void> {
  const { numDeletedRows } = await db
    .deleteFrom('evaluation_cases')
    .where('workspace_id', '=', workspaceId)
    .where('id', '=', id)
    .executeTakeFirst();
  if (numDeletedRows === 0n) throw new NotFoundError('evaluation case');
}

/** The question that a message answers and the passages it cites; all its sources when it cites none. */
async function readAnswer(db: Db, workspaceId: number, messageId: number) {
  const messages = db.selectFrom('messages').where('workspace_id', '=', workspaceId);
  const answer = await messages
    .select(['parent_id', 'role', 'content', 'evidence'])
    .where('id', '=', messageId)
    .$castTo<{
      parent_id: number | null;
      role: string;
      content: string;
      evidence: { sources: Source[] } | null;
    }>()
    .executeTakeFirst();
  if (!answer) throw new NotFoundError('message');
  const question = await messages.select('content').where('id', '=', answer.parent_id).executeTakeFirst();
  if (answer.role !== 'assistant' || !question)
    throw new RequestError('invalid_request', 'message_id: must be that of an answer.');
  const cited = new Set([...answer.content.matchAll(/\[(\d+)\]/g)].map(([, number]) => Number(number)));
  const sources = answer.evidence?.sources ?? [];
  const used = sources.filter(({ number }) => cited.has(number));
  const passages = (used.length > 0 ? used : sources).map(
    ({ document_id, filename, start, end, quote }): RememberedPassage => ({
      document_id,
      filename,
      start,
      end,
      quote,
    }),
  );
  return { question: question.content, passages };
}

async function quotePassages(
  db: Db,
  workspaceId: number,
  passages: PassageRange[],
): Promise<RememberedPassage[]> {
  const ids = passages.map(({ document_id }) => document_id);
  const versions = await db
    .selectFrom('document_versions')
    .select(['id', 'document_id', 'filename', 'text_length'])
    .where('workspace_id', '=', workspaceId)
    .where('document_id', 'in', ids)
    .where('role', '=', 'current')
    .where('state', '=', 'ready')
    .execute();
  const ranges = passages.map(passage => {
    const version = versions.find(({ document_id }) => document_id === passage.document_id);
    if (!version) throw new NotFoundError('document');
    checkRange(passage, version.text_length);
    return { ...passage, versionId: version.id, filename: version.filename };
  });
  const quotes = await readTextRanges(db, workspaceId, ranges);
  return ranges.map(({ document_id, filename, start, end }, index) => {
    const quote = quotes[index] ?? '';
    if (quote.length !== end - start) throw new NotFoundError('document'); // Replaced at this moment.
    if (!quote.isWellFormed())
      throw new RequestError(
        'invalid_request',
        'passages: a range must not begin or end within a character.',
      );
    return { document_id, filename, start, end, quote };
  });
}

function checkRange({ start, end }: PassageRange, textLength: number): void {
  if (end <= start || end > textLength || end - start > MOST_QUOTED)
    throw new RequestError(
      'invalid_request',
      `passages: ${start}–${end} is no range of at most ${MOST_QUOTED} in a text of ${textLength} UTF-16 units.`,
    );
}
