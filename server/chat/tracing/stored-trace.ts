import type { AnswerTrace } from '../../../contract/trace.ts';
import type { ChatMessage } from '../../language-model/language-model.ts';

/** A message of the prompt: its text, or the message of the session that it is, whose text is stored already. */
export type StoredPromptMessage = ChatMessage | { role: 'user' | 'assistant'; message_id: number };

type Told = Pick<
  AnswerTrace,
  | 'question'
  | 'query'
  | 'limits'
  | 'cached'
  | 'reranked'
  | 'searched_documents'
  | 'excerpts'
  | 'evidence'
  | 'citations'
  | 'language_model'
  | 'steps'
>;

/**
 * What is saved of an answer's way, part by part as it gets on. Bounded: 30 candidates, the excerpts' places, 200
 * citations, and of the prompt only what is no message of the session, for which the token budget has its limits.
 */
export type StoredTrace = Partial<
  Told & {
    /** Their passages are read anew: a trace would be ten times as large with their texts. */
    candidates: Omit<AnswerTrace['candidates'][number], 'passage'>[];
    prompt: StoredPromptMessage[];
  }
>;
