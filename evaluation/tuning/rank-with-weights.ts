import { cosineShare, type FusionWeights } from '../../server/retrieval/fuse-scores.ts';
import { scoreQuestion } from '../figures/score-question.ts';
import type { Candidate, ScoredQuestion, ScoredSet } from './collect-scores.ts';

/** Mean nDCG@10, 0 to 1, of the set's questions as they would be ranked with these weights. */
export function meanNdcg({ questions, ranks }: ScoredSet, weights: FusionWeights): number {
  const sum = questions.reduce((total, question) => {
    const hits = rank(question, weights);
    const { targets } = question;
    return (
      total +
      (scoreQuestion({ id: '', text: '', targets }, { hits }, { ranks, wantsText: false }).ndcg10 ?? 0)
    );
  }, 0);
  return sum / questions.length;
}

/** Best first; as createScorer and LexicalScale do it (server/retrieval/fuse-scores.ts). */
function rank({ candidates }: ScoredQuestion, weights: FusionWeights): Candidate[] {
  const wordsOf = ({ parts }: Candidate) =>
    (1 - weights.window) * parts.passage + weights.window * parts.window;
  const mostWords = Math.max(0, ...candidates.map(wordsOf));
  const mostSubwords = Math.max(0, ...candidates.map(({ parts }) => parts.subwords));
  const share = mostSubwords > 0 ? weights.subwords : 0;
  return candidates
    .flatMap(candidate => {
      const { cosine, parts, language } = candidate;
      if (cosine === undefined) return [];
      const words = mostWords > 0 ? wordsOf(candidate) / mostWords : 0;
      const lexical = (1 - share) * words + (share > 0 ? (share * parts.subwords) / mostSubwords : 0);
      const ofCosine = cosineShare(weights, language);
      return [{ candidate, score: (1 - ofCosine) * lexical + ofCosine * cosine + weights.name * parts.name }];
    })
    .sort((a, b) => b.score - a.score)
    .map(({ candidate }) => candidate);
}
