import type { Db, Trx } from '../../database/open-database.ts';
import { countTokens } from '../../language-model/gpt2-tokens.ts';
import { type AbandonedAnswer, lockAbandonedAnswers } from '../../sessions/answer-leases.ts';
import { finishAnswer } from '../../sessions/finish-answer.ts';
import { readPieces } from '../../sessions/stream-event-store.ts';
import type { ControlEvent } from '../../sessions/stream-piece.ts';
import { QUOTES } from '../quoting/write-quotes.ts';
import { checkSavedPart } from './check-saved-part.ts';
import { RunningAnswer } from './running-answer.ts';

const AT_ONCE = 20;

/**
 * The numbers that may have been given to what was lost. Whoever has seen some of it is still before the last event,
 * and gets it.
 */
const LOST_UNITS = 1_000_000;

const error = {
  code: 'answer_interrupted',
  message: 'The server stopped while it was answering. Ask again.',
} as const;

/** Answers whose process has died end here, with what they had saved. Returns how many. */
export async function interruptAbandoned(db: Db): Promise<number> {
  for (let interrupted = 0; ; ) {
    const some = await interruptSome(db);
    interrupted += some;
    if (some < AT_ONCE) return interrupted;
  }
}

async function interruptSome(db: Db): Promise<number> {
  return db.transaction().execute(async trx => {
    const abandoned = await lockAbandonedAnswers(trx, AT_ONCE);
    for (const message of abandoned) await interrupt(trx, message, await readSavedPart(trx, message));
    return abandoned.length;
  });
}

async function interrupt(trx: Trx, message: AbandonedAnswer, answer: RunningAnswer): Promise<void> {
  const { messageId, model, question } = message;
  const content = answer.content;
  // Nobody who has seen some of what was lost is beyond what comes now.
  const beyond = answer.sequence + LOST_UNITS;
  if (model !== QUOTES) await checkSavedPart(answer, { question, beyond });
  const lastEvent: ControlEvent = { type: 'error', ...error, retryable: true, message_id: messageId };
  await finishAnswer(trx, message, {
    state: 'interrupted',
    content,
    tokenCount: countTokens(content),
    finishReason: 'interrupted',
    error,
    reasoning: answer.reasoning,
    usage: answer.usage,
    evidence: answer.evidence,
    events: [...(answer.pieceAfter(0)?.events ?? []), [Math.max(beyond, answer.sequence) + 1, lastEvent]],
  });
}

async function readSavedPart(trx: Trx, message: AbandonedAnswer): Promise<RunningAnswer> {
  const answer = new RunningAnswer(message.messageId);
  for (;;) {
    const pieces = await readPieces(trx, [{ ...message, after: answer.sequence }]);
    if (pieces.length === 0) break;
    for (const { piece } of pieces) answer.extend(piece);
  }
  if (answer.sequence === 0)
    answer.append({
      type: 'start',
      message_id: message.messageId,
      user_message_id: message.userMessageId,
      session_id: message.sessionId,
    });
  return answer;
}
