/** How likely it is that something found answers the question: a logistic model over a few signs. */

import type { EvidenceSigns } from './evidence-signs.ts';
import { type EvidenceWeights, evidenceWeights } from './evidence-weights.ts';

export type Evidence = {
  /** 0 to 1. */
  probability: number;
  /**
   * `missing`: nothing carries an answer, certain enough to say so without asking a language model; `thin`: more
   * likely than not there is none; `doubtful`: it may be there; `good` otherwise.
   */
  verdict: 'missing' | 'thin' | 'doubtful' | 'good';
  signs: EvidenceSigns;
};

type Kind = {
  /** Whether the embedding model reads the language of what was found. */
  isRead: boolean;
  /** Whether sentences were embedded. */
  isEmbedded: boolean;
};

/** @param kind says which of the trained models is asked; each has its own thresholds. */
export function judgeEvidence(signs: EvidenceSigns, { isRead, isEmbedded }: Kind): Evidence {
  const weights = evidenceWeights[isRead ? 'read' : 'foreign'][isEmbedded ? 'embedded' : 'quick'];
  const probability = probabilityOf(signs, weights);
  const { missingBelow, thinBelow, doubtfulBelow } = weights;
  const verdict =
    probability < missingBelow
      ? 'missing'
      : probability < thinBelow
        ? 'thin'
        : probability < doubtfulBelow
          ? 'doubtful'
          : 'good';
  return { probability, verdict, signs };
}

function probabilityOf(signs: EvidenceSigns, { bias, weights }: EvidenceWeights): number {
  let sum = bias;
  for (const [name, weight] of Object.entries(weights)) sum += weight * signs[name as keyof EvidenceSigns];
  return 1 / (1 + Math.exp(-sum));
}
