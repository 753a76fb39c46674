import type { AnswerTrace } from '../../../contract/trace.ts';
import type { Excerpt } from '../../retrieval/excerpts.ts';
import type { Retrieval } from '../../retrieval/retriever.ts';
import { toScoreParts } from '../../retrieval/score-parts.ts';
import type { Context } from '../context/build-context.ts';
import type { StoredTrace } from './stored-trace.ts';

/** What was searched for an answer, and what was found. */
export function traceRetrieval(rewritten: string | undefined, retrieval: Retrieval): StoredTrace {
  const { query, cached, reranked, searchedDocuments, limits, times } = retrieval;
  return {
    query: { rewritten: rewritten ?? null, ...query },
    limits: {
      top_k: limits.topK,
      min_similarity: limits.minSimilarity,
      excerpt_characters: limits.excerptCharacters,
    },
    cached,
    reranked,
    searched_documents: searchedDocuments,
    steps: times,
  };
}

/**
 * What was chosen of it, and why the rest was not.
 *
 * @param isEvidence whether any of it may be shown to the writer.
 */
export function traceChoice(
  { candidates, excerpts }: Retrieval,
  { sources }: Context,
  isEvidence: boolean,
): Pick<StoredTrace, 'candidates' | 'excerpts'> {
  const numbers = new Map(sources.map(({ passage_id, number }) => [passage_id, number]));
  const numberOf = ({ best }: Excerpt) => numbers.get(best.passageId);
  const notShown = isEvidence ? 'over_token_budget' : 'no_evidence';
  const shown = new Set(
    excerpts.filter(numberOf).flatMap(({ passages }) => passages.map(({ passageId }) => passageId)),
  );
  return {
    candidates: candidates.map(candidate => {
      const chosen = shown.has(candidate.passageId);
      return {
        passage_id: candidate.passageId,
        version: candidate.versionId,
        score: candidate.score,
        scores: toScoreParts(candidate),
        chosen,
        left_out: chosen ? null : (candidate.leftOut ?? notShown),
      };
    }),
    excerpts: excerpts.map(excerpt => toExcerpt(excerpt, numberOf(excerpt), notShown)),
  };
}

function toExcerpt(
  { best, start, end, passages }: Excerpt,
  source: number | undefined,
  notShown: 'over_token_budget' | 'no_evidence',
): AnswerTrace['excerpts'][number] {
  return {
    document_id: best.documentId,
    version: best.versionId,
    start,
    end,
    passage_ids: passages.map(({ passageId }) => passageId),
    source: source ?? null,
    left_out: source === undefined ? notShown : null,
  };
}
