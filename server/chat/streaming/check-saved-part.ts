import type { Check, Citation } from '../../../contract/chat.ts';
import { AnswerCiter } from '../citing/answer-citer.ts';
import type { RunningAnswer } from './running-answer.ts';

/**
 * Adds to the saved part of an answer of a language model what its process did not live to: the citations of the claims
 * after the last one that was cited, and the check.
 *
 * @param beyond the sequence number after which they stand.
 */
export async function checkSavedPart(
  answer: RunningAnswer,
  { question, beyond }: { question: string; beyond: number },
): Promise<void> {
  const { content, evidence } = answer;
  if (content === '' || evidence.check) return;
  const citer = new AnswerCiter({ sources: evidence.sources, question });
  const events = citer.push(content);
  for await (const event of citer.end()) events.push(event);
  // What is shown reads as what was written does, unless it breaks off within code.
  if (citer.answer !== content) return;
  const citedUntil = Math.max(0, ...evidence.citations.map(({ answer_end }) => answer_end));
  const later = events.filter(
    (event): event is Citation | Check =>
      event.type === 'check' || (event.type === 'citation' && event.answer_start >= citedUntil),
  );
  const unverified = [...evidence.citations, ...later].filter(
    one => one.type === 'citation' && !one.verified,
  ).length;
  answer.extend({
    firstSequence: answer.sequence,
    sequence: beyond + later.length,
    content: '',
    events: later.map((event, index) => [
      beyond + 1 + index,
      event.type === 'check' ? { ...event, unverified } : event,
    ]),
  });
}
