import type { Logger } from '../logger.ts';
import type { Reranker } from './reranker.ts';

type Options = {
  timeoutMs: number;
  /** Candidates beyond these keep their places behind the others; all are sorted when undefined. */
  mostCandidates?: number;
  logger: Logger;
};

/** A reranker that is away fails at every question: that is one line in so long. */
const LOG_INTERVAL_MS = 60_000;

type Failures = { loggedAtMs: number; sinceThen: number };
const failuresOf = new WeakMap<Reranker, Failures>();

/**
 * The candidates, the one that answers best first; equals keep their order. Undefined when the reranker fails
 * or takes longer: then the order from before is as good as it gets.
 */
export async function rerankInTime<Candidate extends { text: string }>(
  reranker: Reranker,
  question: string,
  candidates: readonly Candidate[],
  { timeoutMs, mostCandidates = candidates.length, logger }: Options,
): Promise<Candidate[] | undefined> {
  const sorted = candidates.slice(0, mostCandidates);
  if (sorted.length < 2) return [...candidates];
  const startedAt = performance.now();
  try {
    const texts = sorted.map(({ text }) => text);
    const scores = await reranker.rerank(question, texts, AbortSignal.timeout(timeoutMs));
    if (scores.length !== texts.length || !scores.every(Number.isFinite))
      throw new Error(`it gave ${scores.filter(Number.isFinite).length} scores for ${texts.length} texts`);
    const ranked = sorted
      .map((candidate, index) => ({ candidate, score: scores[index] ?? 0 }))
      .sort((a, b) => b.score - a.score)
      .map(({ candidate }) => candidate);
    return [...ranked, ...candidates.slice(mostCandidates)];
  } catch (error) {
    logOnceInAWhile(reranker, logger, { reason: reasonOf(error), tookMs: performance.now() - startedAt });
    return undefined;
  }
}

function logOnceInAWhile(
  reranker: Reranker,
  logger: Logger,
  { reason, tookMs }: { reason: string; tookMs: number },
): void {
  const now = Date.now();
  const failures = failuresOf.get(reranker);
  if (failures && now - failures.loggedAtMs < LOG_INTERVAL_MS) {
    failures.sinceThen += 1;
    return;
  }
  failuresOf.set(reranker, { loggedAtMs: now, sinceThen: 0 });
  logger.warn(
    {
      event: 'rerank-failed',
      model: reranker.modelName,
      reason,
      tookMs: Math.round(tookMs),
      notLogged: failures?.sinceThen ?? 0,
    },
    'what was found keeps its order',
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'it took longer than RERANKER_TIMEOUT_MS';
  return error.message;
}
