import type { Db } from '../database/open-database.ts';
import type { Logger } from '../logger.ts';
import { rerankInTime } from '../reranking/rerank-in-time.ts';
import type { Reranker } from '../reranking/reranker.ts';
import type { ScoredPassage } from './fuse-scores.ts';
import { readPassageDetails } from './passage-details.ts';

export type Reranking = {
  reranker: Reranker;
  /** Of the best candidates so many are read again. */
  mostCandidates: number;
  timeoutMs: number;
  logger: Logger;
};

/**
 * The candidates in the order in which the reranker finds them to answer the question; those beyond
 * `mostCandidates` follow as they were. Undefined when it fails or takes too long.
 */
export async function rerankCandidates(
  db: Db,
  { reranker, ...options }: Reranking,
  { workspaceId, question, ranked }: { workspaceId: number; question: string; ranked: ScoredPassage[] },
): Promise<ScoredPassage[] | undefined> {
  const best = ranked.slice(0, options.mostCandidates);
  const details = await readPassageDetails(
    db,
    workspaceId,
    best.map(({ passageId }) => passageId),
  );
  const places = new Map(best.map(passage => [passage.passageId, passage]));
  const texts = details.flatMap(({ passageId, prefix, text }) => {
    const passage = places.get(passageId);
    return passage ? [{ passage, text: prefix + text.trim() }] : [];
  });
  const reranked = await rerankInTime(reranker, question, texts, options);
  if (!reranked) return undefined;
  return [...reranked.map(({ passage }) => passage), ...ranked.slice(options.mostCandidates)];
}
