import type { TokenAccount, Usage } from '../../../contract/chat.ts';
import { forWorkspace } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import { countTokens } from '../../language-model/gpt2-tokens.ts';
import type { Logger } from '../../logger.ts';
import { type FinishedAnswer, finishAnswer } from '../../sessions/finish-answer.ts';
import { costOf, type Prices } from '../accounting/prices.ts';
import type { RunningAnswer } from '../streaming/running-answer.ts';
import type { StoredTrace } from '../tracing/stored-trace.ts';
import type { Admission } from './admission.ts';
import { AnswerEnding } from './answer-ending.ts';
import type { AnswerGraph } from './answer-graph.ts';
import {
  completeOutcome,
  endedOutcome,
  failedOutcome,
  goneOutcome,
  notSavedOutcome,
  type Outcome,
} from './answer-outcome.ts';
import type { AnswerRequest, GraphEvent, UsageEvent } from './answer-request.ts';
import { saveWithRetries } from './save-with-retries.ts';

export type WritingParts = {
  db: Db;
  loadGraph: () => Promise<AnswerGraph>;
  prices: Prices;
  /** What is searched for questions at the same time. */
  admission: Admission;
  logger: Logger;
};

type Run = {
  /** As performance.now() counts. */
  startedAt: number;
  /** Ends the answer, with an AnswerEnding as the reason. */
  abort: AbortController;
};

/** What is saved with the answer beside its events. */
type Notes = {
  timings: Record<string, number>;
  trace?: StoredTrace;
  /** Of the prompt, as soon as there is one. */
  account?: TokenAccount;
  /** The language model that has begun to write. */
  model?: string;
  outcome?: Outcome;
};

/** Far more than any model writes at once: the memory for one answer ends here. In UTF-16 units. */
const MOST_CONTENT = 500_000;

/** For what is held back of an answer that is stopped, its last citations and its check, for which claims may be embedded. */
const LAST_WORDS_MS = 1_000;

/**
 * Runs the graph and saves what it wrote. The answer is saved before its last event goes out: whoever sees `done`
 * finds it in the history. Never rejects.
 */
export async function writeAnswer(
  parts: WritingParts,
  request: AnswerRequest,
  answer: RunningAnswer,
  run: Run,
): Promise<void> {
  const notes: Notes = { timings: {} };
  const outcome = await runGraph(parts, request, answer, run, notes);
  notes.timings.total_ms = elapsed(run);
  if (!answer.usage && notes.account && (notes.model !== undefined || answer.content !== ''))
    answer.append(withCost(estimateUsage(answer, notes.account, notes.model), parts.prices));
  const { workspaceId } = request;
  const { messageId, content } = answer;
  const finished: FinishedAnswer = {
    ...outcome.row,
    content,
    tokenCount: countTokens(content),
    model: notes.model,
    reasoning: answer.reasoning,
    usage: answer.usage,
    timings: notes.timings,
    evidence: answer.evidence,
    trace: notes.trace,
    events: [...(answer.pieceAfter(0)?.events ?? []), [answer.sequence + 1, outcome.lastEvent]],
  };
  const saved = await saveWithRetries(
    () => finishAnswer(forWorkspace(parts.db, workspaceId), { workspaceId, messageId }, finished),
    parts.logger,
    run.abort.signal,
  );
  answer.append(lastEventOf(answer, outcome, saved));
}

const elapsed = ({ startedAt }: Run) => Math.round(10 * (performance.now() - startedAt)) / 10;

async function runGraph(
  { loadGraph, prices, admission, logger }: WritingParts,
  request: AnswerRequest,
  answer: RunningAnswer,
  run: Run,
  notes: Notes,
): Promise<Outcome> {
  const { signal } = run.abort;
  let leave = () => {};
  let isOver = false;
  const emit = (event: GraphEvent) => {
    // The search is over: from here on the language model is waited for.
    if (event.type === 'context') leave();
    // What does not notice the end in time says no more.
    if (!isOver) record(event, { answer, run, notes, prices });
  };
  try {
    leave = await admission.enter(signal);
    const graph = await loadGraph();
    const written = graph.invoke({ request }, { configurable: { emit, signal } });
    await untilEnded(written, signal, () => (notes.timings.writing_ms === undefined ? 0 : LAST_WORDS_MS));
    if (notes.outcome) return notes.outcome;
    throw new Error('the graph ended without a finish event');
  } catch (error) {
    if (signal.reason instanceof AnswerEnding) return endedOutcome(answer, signal.reason);
    logger.error({ err: error, messageId: answer.messageId }, 'answer failed');
    return failedOutcome(answer, error);
  } finally {
    isOver = true;
    leave();
  }
}

/** Waits for the work; once it is to end, no longer than it has for its last words. */
async function untilEnded(
  work: Promise<unknown>,
  signal: AbortSignal,
  lastWordsMs: () => number,
): Promise<void> {
  const ended = Promise.withResolvers<never>();
  let timer: NodeJS.Timeout | undefined;
  const onAbort = () => {
    timer = setTimeout(() => ended.reject(signal.reason), lastWordsMs());
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await Promise.race([work, ended.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    clearTimeout(timer);
  }
}

function record(
  event: GraphEvent,
  { answer, run, notes, prices }: { answer: RunningAnswer; run: Run; notes: Notes; prices: Prices },
): void {
  const { timings } = notes;
  switch (event.type) {
    case 'trace':
      notes.trace = { ...notes.trace, ...event.trace };
      return;
    case 'context':
      notes.account = event.account;
      return;
    case 'begin':
      notes.model = event.model;
      return;
    case 'usage':
      answer.append(withCost(event, prices));
      return;
    case 'finish':
      notes.outcome = completeOutcome(answer, event.reason);
      return;
    case 'content':
      timings.first_content_ms ??= elapsed(run);
      answer.append(event);
      if (answer.sequence > MOST_CONTENT) run.abort.abort(new AnswerEnding('too-long'));
      return;
    case 'stage':
      timings[`${event.stage}_ms`] = elapsed(run);
      answer.append(event);
      return;
    default:
      answer.append(event);
  }
}

/** For an answer that ended before its writer could say. */
function estimateUsage(
  { content, reasoning }: RunningAnswer,
  budget: TokenAccount,
  model: string | undefined,
): UsageEvent {
  const reasoningTokens = countTokens(reasoning ?? '');
  return {
    type: 'usage',
    model: model ?? null,
    prompt_tokens: budget.total_used,
    completion_tokens: countTokens(content) + reasoningTokens,
    reasoning_tokens: reasoningTokens,
    estimated: true,
    budget,
  };
}

function withCost(usage: UsageEvent, prices: Prices): Usage {
  const { model, prompt_tokens, completion_tokens } = usage;
  const tokens = { promptTokens: prompt_tokens, completionTokens: completion_tokens };
  return { ...usage, cost: model === null ? null : costOf(prices, model, tokens) };
}

function lastEventOf(
  answer: RunningAnswer,
  outcome: Outcome,
  saved: boolean | undefined,
): Outcome['lastEvent'] {
  if (saved) return outcome.lastEvent;
  return (saved === false ? goneOutcome(answer) : notSavedOutcome(answer)).lastEvent;
}
