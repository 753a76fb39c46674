/** What a claim and a span of a source have in common. */
export type Features = {
  /** How much of the claim stands in the span, 0 to 1, by the rarity of its words, names and numbers counting more. */
  coverage: number;
  /** How many of its numbers and codes do not. */
  missingNumbers: number;
  /** The span says the opposite. */
  isOpposite: boolean;
};

/* Chosen on the tuning halves of squad2_dev and SciFact (docs/citations.md). */
const LEAST_COVERAGE = 0.42;
const COSINE_WEIGHT = 0.7;
const LEAST_WITH_COSINE = 0.8;
/** With fewer of its words in common the embeddings say nothing that could be shown as proof. */
const LEAST_IN_COMMON = 0.15;

/** Whether a span supports a claim, by its words alone, or in other words by their embeddings too. */
export function isSupport({ coverage, missingNumbers, isOpposite }: Features, cosine?: number): boolean {
  if (missingNumbers > 0 || isOpposite) return false;
  if (coverage >= LEAST_COVERAGE) return true;
  return (
    cosine !== undefined &&
    coverage >= LEAST_IN_COMMON &&
    coverage + COSINE_WEIGHT * cosine >= LEAST_WITH_COSINE
  );
}

/** Whether the embeddings could make a support of what is none by its words. */
export function isDoubtful(features: Features): boolean {
  return !isSupport(features) && isSupport(features, 1);
}
