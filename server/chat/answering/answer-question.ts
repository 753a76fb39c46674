/** The main path of a question begins here: it is saved, and its answer starts. */
import { forWorkspace } from '../../database/isolation/for-workspace.ts';
import { countTokens } from '../../language-model/gpt2-tokens.ts';
import { type AnsweredQuestion, beginAnswer, type QuestionPlace } from '../../sessions/begin-answer.ts';
import type { IdempotencyKey } from '../../sessions/idempotency-keys.ts';
import type { AdmitQuestion } from '../accounting/admit-question.ts';
import { checkQuestionFits, type TokenBudget } from '../context/build-context.ts';
import { type Pace, RunningAnswer } from '../streaming/running-answer.ts';
import type { AnswerRequest } from './answer-request.ts';
import { type WritingParts, writeAnswer } from './write-answer.ts';

export type Question = Omit<AnswerRequest, 'userMessageId'> & {
  /** Who asks, in whose session. */
  userId: number | null;
  /** Where it stands in its session, or the message that it is already: then that gets another answer. */
  place: QuestionPlace | { userMessageId: number };
};

export type AnswerParts = WritingParts & {
  budget: TokenBudget;
  admit: AdmitQuestion;
  /** This process, for the lease of its running answers. */
  owner: string;
  pace: Pace;
};

/**
 * Saves the question and starts its answer, which goes on whether or not anybody reads it.
 *
 * @param abort ends the answer, with an AnswerEnding as the reason.
 * @returns the answer to follow, and a promise that settles when it is saved.
 * @throws NotFoundError, RequestError session_busy, message_too_large, token_budget_exhausted, invalid_request for a
 * model that may not be chosen, KeyInUseError.
 */
export async function answerQuestion(
  parts: AnswerParts,
  question: Question,
  { idempotency, abort }: { idempotency: IdempotencyKey | undefined; abort: AbortController },
): Promise<{ answer: RunningAnswer; saved: Promise<void> }> {
  const startedAt = performance.now();
  checkQuestionFits(parts.budget, question.question);
  const model = await parts.admit(question);
  const { workspaceId, userId, sessionId } = question;
  const { userMessageId, messageId } = await beginAnswer(forWorkspace(parts.db, workspaceId), {
    workspaceId,
    userId,
    sessionId,
    question: toAnswer(question),
    model,
    owner: parts.owner,
    idempotency,
  });
  const answer = new RunningAnswer(messageId, parts.pace);
  answer.append({
    type: 'start',
    message_id: messageId,
    user_message_id: userMessageId,
    session_id: sessionId,
  });
  const saved = writeAnswer(parts, { ...question, userMessageId }, answer, { startedAt, abort });
  return { answer, saved };
}

function toAnswer({ question, documentIds, scope, place }: Question): AnsweredQuestion {
  if ('userMessageId' in place) return place;
  return {
    content: question,
    tokenCount: countTokens(question),
    scope: { document_ids: documentIds, filter: scope },
    place,
  };
}
