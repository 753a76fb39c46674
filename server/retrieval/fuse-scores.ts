/** One ranking from words and vectors. The constants are chosen by evaluation/tune-fusion.ts. */
import type { PassageDirectory } from './lexical/passage-directory.ts';
import type { LexicalParts, WordScores } from './lexical/score-words.ts';

export type FusionWeights = {
  /** Of a passage's window, the rest being the passage's own. */
  window: number;
  /** Of subwords, the rest being whole words'. */
  subwords: number;
  /** Of the cosine, the rest being the lexical score's: for texts in languages that the model reads well. */
  cosine: number;
  /** The same for texts in other languages. */
  foreignCosine: number;
  /** Of the file's name, on top. */
  name: number;
  /** Languages that the embedding model reads well. */
  modelLanguages: readonly string[];
};

/** For all-MiniLM-L6-v2, which was trained on English. */
export const defaultWeights: FusionWeights = {
  window: 0.3,
  subwords: 0.25,
  cosine: 0.55,
  foreignCosine: 0.35,
  name: 0.05,
  modelLanguages: ['en'],
};

export type SearchMode = 'hybrid' | 'vector' | 'lexical';

/** A passage that may be shown, and how it came to its place. */
export type ScoredPassage = {
  passageId: number;
  versionId: number;
  /** What the passage is ranked by; higher is better. */
  score: number;
  /** Cosine, −1 to 1; undefined when it was not asked for. */
  similarity: number | undefined;
  /** 0 to 1: the best passage has 1. */
  lexical: number;
  parts: LexicalParts;
};

/** Divides sums of BM25 by the greatest among the passages in scope. */
export class LexicalScale {
  readonly #scores: WordScores;
  readonly #directory: PassageDirectory;
  readonly #weights: FusionWeights;
  readonly #isInScope: (versionIndex: number) => boolean;
  #mostWords = 0;
  #mostSubwords = 0;

  constructor(
    scores: WordScores,
    directory: PassageDirectory,
    weights: FusionWeights,
    isInScope: (versionIndex: number) => boolean,
  ) {
    this.#scores = scores;
    this.#directory = directory;
    this.#weights = weights;
    this.#isInScope = isInScope;
    for (const slot of this.#matching()) {
      this.#mostWords = Math.max(this.#mostWords, this.#wordsAt(slot));
      this.#mostSubwords = Math.max(this.#mostSubwords, scores.subwords[slot] ?? 0);
    }
  }

  /** The best passages by words alone, best first. */
  top(limit: number): number[] {
    let kept: { slot: number; score: number }[] = [];
    let least = 0;
    const keepBest = () => {
      kept = kept.sort((a, b) => b.score - a.score || a.slot - b.slot).slice(0, limit);
      least = kept.length < limit ? 0 : (kept.at(-1)?.score ?? 0);
    };
    for (const slot of this.#matching()) {
      const score = this.#lexical(this.#wordsAt(slot), this.#scores.subwords[slot] ?? 0);
      if (score <= least) continue;
      kept.push({ slot, score });
      if (kept.length === 4 * limit) keepBest();
    }
    keepBest();
    return kept.map(({ slot }) => this.#directory.passageIdAt(slot));
  }

  lexicalOf({ passage, window, subwords }: LexicalParts): number {
    return this.#lexical(this.#mix(passage, window), subwords);
  }

  #lexical(words: number, subwords: number): number {
    const share = this.#mostSubwords > 0 ? this.#weights.subwords : 0;
    const ofWords = this.#mostWords > 0 ? words / this.#mostWords : 0;
    return (1 - share) * ofWords + (share > 0 ? (share * subwords) / this.#mostSubwords : 0);
  }

  #mix(passage: number, window: number): number {
    return (1 - this.#weights.window) * passage + this.#weights.window * window;
  }

  #wordsAt(slot: number): number {
    const window = this.#directory.windows[slot] ?? 0;
    return this.#mix(this.#scores.passages[slot] ?? 0, this.#scores.windows[window] ?? 0);
  }

  /** Slots in scope with at least one of the question's terms. */
  *#matching(): Generator<number> {
    const { passages, subwords } = this.#scores;
    const { versionIndexes } = this.#directory;
    for (let slot = 0; slot < passages.length; slot += 1)
      if ((passages[slot] || subwords[slot]) && this.#isInScope(versionIndexes[slot] ?? 0)) yield slot;
  }
}

type Found = { passageId: number; versionId: number; similarity: number | undefined };

type ScorerParts = {
  mode: SearchMode;
  weights: FusionWeights;
  scores: WordScores;
  scale: LexicalScale;
  directory: PassageDirectory;
};

/** Puts all that is known of a passage into one score. */
export function createScorer({ mode, weights, scores, scale, directory }: ScorerParts) {
  return ({ passageId, versionId, similarity }: Found): ScoredPassage => {
    const parts = scores.partsOf(passageId);
    const lexical = scale.lexicalOf(parts);
    const scored = { passageId, versionId, similarity, lexical, parts };
    if (mode === 'vector') return { ...scored, score: similarity ?? 0 };
    if (mode === 'lexical') return { ...scored, score: lexical };
    const share = cosineShare(weights, directory.versionOf(passageId)?.language ?? null);
    const fused = (1 - share) * lexical + share * (similarity ?? 0) + weights.name * parts.name;
    return { ...scored, score: fused };
  };
}

export const byScore = (a: ScoredPassage, b: ScoredPassage): number =>
  b.score - a.score || a.passageId - b.passageId;

/** A text whose language is not known counts as one that the model reads. */
export function cosineShare(
  { cosine, foreignCosine, modelLanguages }: FusionWeights,
  language: string | null,
) {
  const [base = ''] = language?.toLowerCase().split('-') ?? [];
  return base === '' || modelLanguages.includes(base) ? cosine : foreignCosine;
}
