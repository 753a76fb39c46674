/** The main path of a question: it is saved, an answer is written from the documents, the answer is saved. */
import type { FinishReason, StreamEvent } from '../../contract/chat.ts';
import type { ErrorCode } from '../../contract/errors.ts';
import { isDatabaseAway } from '../database/database-errors.ts';
import type { Db } from '../database/open-database.ts';
import { AppError, LanguageModelError } from '../errors.ts';
import { countTokens } from '../language-model/gpt2-tokens.ts';
import type { Logger } from '../logger.ts';
import { beginAnswer, type FinishedAnswer, finishAnswer } from '../sessions/message-store.ts';
import type { AnswerGraph } from './answer-graph.ts';
import type { AnswerRequest } from './answer-request.ts';
import { checkQuestionFits, type TokenBudget } from './build-context.ts';
import { RunningAnswer } from './running-answer.ts';
import { saveWithRetries } from './save-with-retries.ts';

export type Question = Omit<AnswerRequest, 'userMessageId'>;

export type AnswerParts = {
  db: Db;
  graph: AnswerGraph;
  budget: TokenBudget;
  /** What writes the answers. */
  writerName: string;
  /** This process, for the lease of its running answers. */
  owner: string;
  logger: Logger;
};

/**
 * Saves the question and starts its answer, which goes on whether or not anybody reads it.
 *
 * @returns the answer to follow, and a promise that settles when it is saved.
 * @throws NotFoundError, RequestError session_busy, message_too_large.
 */
export async function answerQuestion(
  parts: AnswerParts,
  question: Question,
  signal: AbortSignal,
): Promise<{ answer: RunningAnswer; saved: Promise<void> }> {
  const startedAt = performance.now();
  checkQuestionFits(parts.budget, question.question);
  const { workspaceId, sessionId } = question;
  const { userMessageId, messageId } = await beginAnswer(parts.db, {
    workspaceId,
    sessionId,
    content: question.question,
    tokenCount: countTokens(question.question),
    model: parts.writerName,
    owner: parts.owner,
  });
  const answer = new RunningAnswer(messageId);
  answer.append({
    type: 'start',
    message_id: messageId,
    user_message_id: userMessageId,
    session_id: sessionId,
  });
  const saved = writeAndSave(parts, { ...question, userMessageId }, answer, { startedAt, signal });
  return { answer, saved };
}

type Run = { startedAt: number; signal: AbortSignal };

/** The answer is saved before its last event goes out: whoever sees `done` finds it in the history. */
async function writeAndSave(parts: AnswerParts, request: AnswerRequest, answer: RunningAnswer, run: Run) {
  const timings: Record<string, number> = {};
  let usage: object | null = null;
  let outcome: Outcome = interruptedOutcome(answer);
  try {
    const stream = await parts.graph.stream({ request }, { streamMode: 'custom', signal: run.signal });
    for await (const event of stream) {
      if (event.type === 'stage') timings[`${event.stage}_ms`] = elapsed(run);
      if (event.type === 'content') timings.first_content_ms ??= elapsed(run);
      if (event.type === 'usage') usage = event;
      if (event.type === 'finish') outcome = completeOutcome(answer, event.reason);
      else answer.append(event);
    }
  } catch (error) {
    outcome = failedOutcome(parts.logger, answer, error, run.signal);
  }
  timings.total_ms = elapsed(run);
  const finished: FinishedAnswer = {
    ...outcome.row,
    content: answer.content,
    tokenCount: countTokens(answer.content),
    usage,
    timings,
    evidence: { sources: answer.sources },
  };
  const message = { workspaceId: request.workspaceId, messageId: answer.messageId };
  const saved = await saveWithRetries(
    () => finishAnswer(parts.db, message, finished),
    parts.logger,
    run.signal,
  );
  answer.append(saved ? outcome.lastEvent : notSaved(answer));
}

const elapsed = ({ startedAt }: Run) => Math.round(10 * (performance.now() - startedAt)) / 10;

type Outcome = {
  row: Pick<FinishedAnswer, 'state' | 'finishReason' | 'error'>;
  lastEvent: Extract<StreamEvent, { type: 'done' | 'error' }>;
};

function completeOutcome({ messageId }: RunningAnswer, finishReason: FinishReason): Outcome {
  return {
    row: { state: 'complete', finishReason, error: null },
    lastEvent: { type: 'done', message_id: messageId, finish_reason: finishReason },
  };
}

function interruptedOutcome(answer: RunningAnswer): Outcome {
  return errorOutcome(answer, {
    code: 'shutting_down',
    message: 'The server was stopped while it was answering. Ask again.',
    retryable: true,
  });
}

function failedOutcome(logger: Logger, answer: RunningAnswer, error: unknown, signal: AbortSignal): Outcome {
  if (signal.aborted) return interruptedOutcome(answer);
  logger.error({ err: error, messageId: answer.messageId }, 'answer failed');
  if (error instanceof AppError)
    return errorOutcome(answer, {
      code: error.code,
      message: error.message,
      retryable:
        error instanceof LanguageModelError ? error.retryable : error.retryAfterSeconds !== undefined,
    });
  const away = isDatabaseAway(error);
  return errorOutcome(answer, {
    code: away ? 'database_unavailable' : 'internal_error',
    message: away
      ? 'The database is away. Ask again in a moment.'
      : 'Something went wrong; the log has the reason.',
    retryable: true,
  });
}

/** Nobody is told that an answer is done which the history does not have. */
function notSaved({ messageId }: RunningAnswer): StreamEvent {
  return {
    type: 'error',
    code: 'database_unavailable',
    message: 'The answer could not be saved. Ask again.',
    retryable: true,
    message_id: messageId,
  };
}

function errorOutcome(
  answer: RunningAnswer,
  error: { code: ErrorCode; message: string; retryable: boolean },
): Outcome {
  const { code, message } = error;
  return {
    row: {
      // What was written is kept and worth reading; an answer without a word is a failure.
      state: answer.content === '' ? 'failed' : 'interrupted',
      finishReason: 'error',
      error: { code, message },
    },
    lastEvent: { type: 'error', ...error, message_id: answer.messageId },
  };
}
