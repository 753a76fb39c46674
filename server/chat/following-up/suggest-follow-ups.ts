import type { Citation, Source } from '../../../contract/chat.ts';
import type { FollowUps } from '../../../contract/follow-ups.ts';
import { readTextRanges } from '../../database/document-text.ts';
import type { Db } from '../../database/open-database.ts';
import { type DocumentRow, getDocument } from '../../documents/document-store.ts';
import { findOutline } from '../../documents/document-text-store.ts';
import { NotFoundError } from '../../errors.ts';
import { readHistory } from '../../sessions/branches/read-history.ts';
import { readMessages } from '../../sessions/message-store.ts';
import { questionLanguage } from '../wording/question-language.ts';
import { chooseHeadings } from './choose-headings.ts';
import { headingSubject, isAsked, sentenceSubject } from './choose-subject.ts';
import { wordFollowUp } from './follow-up-wordings.ts';

/** What is looked at: documents of an answer, and headings of each. */
const MOST_DOCUMENTS = 3;
const MOST_HEADINGS = 12;
const SUGGESTED = 3;
/** Where a document has no headings: the text after what was cited, in UTF-16 units. */
const STRETCH = 1_500;

/** How far back what was asked is looked at, in GPT-2 tokens of the chat. */
const ASKED_TOKENS = 20_000;

type Span = { start: number; end: number };
type Subject = Span & { subject: string };
type Read = { documentId: number; version: number; spans: Span[] };

/**
 * Questions that go on from an answer: about the sections that stand nearest to what it cites and that nobody has
 * asked about on its branch. Made of the documents' own words, so that each has an answer.
 *
 * @throws NotFoundError when there is no such answer.
 */
export async function suggestFollowUps(
  db: Db,
  workspaceId: number,
  messageId: number,
): Promise<FollowUps['questions']> {
  const [answer] = await readMessages(db, workspaceId, [messageId]);
  if (answer?.role !== 'assistant' || answer.parent_id === null) throw new NotFoundError('answer');
  const [[question], { turns }] = await Promise.all([
    readMessages(db, workspaceId, [answer.parent_id]),
    readHistory(db, { workspaceId, before: answer.parent_id, mostTokens: ASKED_TOKENS }),
  ]);
  const asked = [question?.content ?? '', ...turns.map(turn => turn.question)];
  const read = readOf(answer.evidence?.sources ?? [], answer.evidence?.citations ?? []);
  const lists = await Promise.all(
    read.map(async one => {
      const document = await findUnchanged(db, workspaceId, one);
      if (!document) return [];
      const subjects = await findSubjects(db, workspaceId, { document, read: one.spans });
      const name = document.title ?? document.filename.replace(/\.\w+$/u, '');
      return subjects
        .filter(({ subject }) => !isAsked(subject, asked))
        .map(({ subject, start, end }) => ({
          question: wordFollowUp(questionLanguage(question?.content ?? ''), { name, subject }),
          document_id: document.id,
          start,
          end,
        }));
    }),
  );
  return takeInTurns(lists, SUGGESTED);
}

/** What was read of each document that the answer cites; where it cites none, of those it was written from. */
function readOf(sources: Source[], citations: Citation[]): Read[] {
  const cited = new Set(citations.map(({ number }) => number));
  const byDocument = new Map<number, Read>();
  for (const { number, document_id, version, start, end } of sources) {
    if (cited.size > 0 && !cited.has(number)) continue;
    const quotes = citations.filter(citation => citation.number === number);
    const known = byDocument.get(document_id) ?? { documentId: document_id, version, spans: [] };
    known.spans.push(...(quotes.length > 0 ? quotes : [{ start, end }]));
    byDocument.set(document_id, known);
  }
  return [...byDocument.values()].slice(0, MOST_DOCUMENTS);
}

/** Undefined when it was replaced or deleted since: what was read stands nowhere any more. */
async function findUnchanged(
  db: Db,
  workspaceId: number,
  { documentId, version }: Read,
): Promise<DocumentRow | undefined> {
  try {
    const document = await getDocument(db, workspaceId, documentId);
    return document.version_id === version ? document : undefined;
  } catch (error) {
    if (error instanceof NotFoundError) return undefined;
    throw error;
  }
}

/** What can be asked about a document, the nearest to what was read first: headings, else a sentence. */
async function findSubjects(
  db: Db,
  workspaceId: number,
  { document: { version_id: versionId, text_length }, read }: { document: DocumentRow; read: Span[] },
): Promise<Subject[]> {
  const outline = await findOutline(db, workspaceId, versionId);
  const headings = chooseHeadings(outline?.headings ?? [], read, text_length).slice(0, MOST_HEADINGS);
  const titles = await readTextRanges(
    db,
    workspaceId,
    headings.map(({ start, end }) => ({ versionId, start, end })),
  );
  const subjects = headings.flatMap(({ start, end }, index): Subject[] => {
    const subject = headingSubject(titles[index] ?? '');
    return subject === undefined ? [] : [{ subject, start, end }];
  });
  if (subjects.length > 0) return subjects;
  // The last character of what was cited tells whether a sentence ends there.
  const from = Math.max(...read.map(({ end }) => end)) - 1;
  const [text = ''] = await readTextRanges(db, workspaceId, [
    { versionId, start: from, end: from + STRETCH },
  ]);
  const sentence = sentenceSubject(text, { isCutOff: from + STRETCH < text_length });
  return sentence ? [{ ...sentence, start: from + sentence.start, end: from + sentence.end }] : [];
}

/** The first of each list, then the second of each, and so on; each question once. */
function takeInTurns<Item extends { question: string }>(lists: Item[][], most: number): Item[] {
  const longest = Math.max(0, ...lists.map(({ length }) => length));
  const inTurns = Array.from({ length: longest }, (_, at) =>
    lists.flatMap(list => list.slice(at, at + 1)),
  ).flat();
  const byQuestion = new Map(inTurns.map(item => [item.question, item]));
  return [...byQuestion.values()].slice(0, most);
}
