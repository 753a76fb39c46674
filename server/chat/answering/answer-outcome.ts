import type { FinishReason } from '../../../contract/chat.ts';
import { isDatabaseAway } from '../../database/database-errors.ts';
import { AppError, LanguageModelError } from '../../errors.ts';
import type { FinishedAnswer } from '../../sessions/finish-answer.ts';
import type { ControlEvent } from '../../sessions/stream-piece.ts';
import type { RunningAnswer } from '../streaming/running-answer.ts';
import type { AnswerEnding } from './answer-ending.ts';

/** How an answer ends: in the database, and for whoever reads it. */
export type Outcome = {
  row: Pick<FinishedAnswer, 'state' | 'finishReason' | 'error'>;
  lastEvent: Extract<ControlEvent, { type: 'done' | 'error' }>;
};

export function completeOutcome({ messageId }: RunningAnswer, finishReason: FinishReason): Outcome {
  return {
    row: { state: 'complete', finishReason, error: null },
    lastEvent: { type: 'done', message_id: messageId, finish_reason: finishReason },
  };
}

export function endedOutcome(answer: RunningAnswer, { why }: AnswerEnding): Outcome {
  switch (why) {
    case 'stopped':
      return completeOutcome(answer, 'stopped');
    case 'too-long':
      return completeOutcome(answer, 'length');
    case 'gone':
      return goneOutcome(answer);
    case 'shutting-down':
      return errorOutcome(answer, {
        code: 'shutting_down',
        message: 'The server was stopped while it was answering. Ask again.',
        retryable: true,
      });
  }
}

export function failedOutcome(answer: RunningAnswer, error: unknown): Outcome {
  if (error instanceof AppError)
    return errorOutcome(answer, {
      code: error.code,
      message: error.message,
      retryable:
        error instanceof LanguageModelError ? error.retryable : error.retryAfterSeconds !== undefined,
      ...(error.retryAfterSeconds !== undefined && { retry_after_seconds: error.retryAfterSeconds }),
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
export const notSavedOutcome = (answer: RunningAnswer): Outcome =>
  errorOutcome(answer, {
    code: 'database_unavailable',
    message: 'The answer could not be saved. Ask again.',
    retryable: true,
  });

export const goneOutcome = (answer: RunningAnswer): Outcome =>
  errorOutcome(answer, { code: 'not_found', message: 'The session was deleted.', retryable: false });

function errorOutcome(
  answer: RunningAnswer,
  error: Omit<Extract<ControlEvent, { type: 'error' }>, 'type' | 'message_id'>,
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
