/** Written by evaluation/train-evidence.ts; docs/quotes.md has what it was trained on and how well it does. */
import type { EvidenceSigns } from './evidence-signs.ts';

export type EvidenceWeights = {
  bias: number;
  weights: EvidenceSigns;
  /** Probabilities below which 1, 6 and 30 % of the answerable training questions lie, in each set at most. */
  missingBelow: number;
  thinBelow: number;
  doubtfulBelow: number;
};

/** By whether the embedding model reads the documents' language, and whether sentences were embedded. */
export const evidenceWeights: Record<'read' | 'foreign', Record<'embedded' | 'quick', EvidenceWeights>> = {
  read: {
    embedded: {
      bias: -4.6701,
      weights: {
        passageCosine: 2.8473,
        sentenceCosine: 2.9137,
        coverage: 1.2775,
        passageCoverage: 1.284,
        terms: 0.0135,
        negation: -2.1379,
      },
      missingBelow: 0.1488,
      thinBelow: 0.3051,
      doubtfulBelow: 0.544,
    },
    quick: {
      bias: -3.9309,
      weights: {
        passageCosine: 3.9642,
        sentenceCosine: 0,
        coverage: 1.4971,
        passageCoverage: 1.5674,
        terms: 0.2509,
        negation: -1.9969,
      },
      missingBelow: 0.1654,
      thinBelow: 0.2946,
      doubtfulBelow: 0.5123,
    },
  },
  foreign: {
    embedded: {
      bias: -5.3387,
      weights: {
        passageCosine: 1.1019,
        sentenceCosine: 1.7814,
        coverage: 3.0007,
        passageCoverage: 4.4163,
        terms: 1.0967,
        negation: -0.473,
      },
      missingBelow: 0.0952,
      thinBelow: 0.1832,
      doubtfulBelow: 0.6047,
    },
    quick: {
      bias: -4.6354,
      weights: {
        passageCosine: 1.551,
        sentenceCosine: 0,
        coverage: 3.1086,
        passageCoverage: 4.4973,
        terms: 1.2199,
        negation: -0.5139,
      },
      missingBelow: 0.0947,
      thinBelow: 0.1858,
      doubtfulBelow: 0.605,
    },
  },
};
