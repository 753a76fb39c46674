import type { AnswerTrace } from '../../../contract/trace.ts';
import type { Db } from '../../database/open-database.ts';
import { readPassageDetails } from '../../retrieval/passage-details.ts';
import { findTrace, readMessages } from '../../sessions/message-store.ts';
import { neutraliseText } from '../context/neutralise-text.ts';
import { findUncited } from './find-uncited.ts';
import type { StoredPromptMessage, StoredTrace } from './stored-trace.ts';

/** What an answer has not got to, or an earlier release did not tell. */
const nothing = {
  query: null,
  limits: null,
  cached: false,
  reranked: false,
  searched_documents: null,
  candidates: [],
  excerpts: [],
  language_model: null,
  evidence: null,
  citations: [],
  steps: {},
} satisfies Partial<AnswerTrace>;

/** How an answer came about; undefined for a question and when there is no such message. */
export async function readTrace(
  db: Db,
  workspaceId: number,
  messageId: number,
): Promise<AnswerTrace | undefined> {
  const row = await findTrace(db, workspaceId, messageId);
  if (!row) return undefined;
  const { prompt, ...stored } = (row.trace ?? {}) as StoredTrace;
  return {
    message_id: row.id,
    state: row.state,
    finish_reason: row.finish_reason,
    error: row.error_code === null ? null : { code: row.error_code, message: row.error_message ?? '' },
    question: row.question,
    ...nothing,
    ...stored,
    candidates: await withPassages(db, workspaceId, stored.candidates ?? []),
    excerpts: (stored.excerpts ?? []).map(({ source = null, left_out = null, ...excerpt }) => ({
      ...excerpt,
      source,
      left_out,
    })),
    uncited: row.evidence?.check ? await findUncited({ content: row.content, ...row.evidence }) : [],
    check: row.evidence?.check ?? null,
    prompt: prompt ? await completePrompt(db, workspaceId, prompt) : null,
    usage: row.usage as AnswerTrace['usage'],
    timings: (row.timings ?? {}) as AnswerTrace['timings'],
  };
}

async function withPassages(
  db: Db,
  workspaceId: number,
  candidates: NonNullable<StoredTrace['candidates']>,
): Promise<AnswerTrace['candidates']> {
  const ids = candidates.map(({ passage_id }) => passage_id);
  const passages = await readPassageDetails(db, workspaceId, ids);
  const passageOf = new Map(passages.map(passage => [passage.passageId, passage]));
  return candidates.map(candidate => {
    const passage = passageOf.get(candidate.passage_id);
    return {
      ...candidate,
      left_out: candidate.left_out ?? null,
      passage: passage
        ? {
            document_id: passage.documentId,
            filename: passage.filename,
            title: passage.title,
            start: passage.start,
            end: passage.end,
            text: passage.text.toWellFormed(),
          }
        : null,
    };
  });
}

async function completePrompt(
  db: Db,
  workspaceId: number,
  prompt: StoredPromptMessage[],
): Promise<AnswerTrace['prompt']> {
  const ids = prompt.flatMap(message => ('message_id' in message ? [message.message_id] : []));
  const messages = await readMessages(db, workspaceId, ids);
  const contents = new Map(messages.map(({ id, content }) => [id, content]));
  return prompt.map(message => {
    if (!('message_id' in message)) return { ...message, message_id: null };
    const { role, message_id } = message;
    return { role, content: neutraliseText(contents.get(message_id) ?? ''), message_id };
  });
}
