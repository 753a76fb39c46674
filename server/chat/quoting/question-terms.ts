/** How much of what a question asks about a text says. */
import { analyseQuery } from '../../lexical/analysis/analyse-query.ts';
import { analyseText, type WordPieces } from '../../lexical/analysis/analyse-text.ts';

/** Sub-words are for the index; always the same function, as what is remembered of words is remembered with it. */
const noPieces: WordPieces = () => [];

/** The terms that a text holds, stemmed as in the lexical index, in reading order. */
export const termsOf = (text: string, language: string | null): string[] =>
  analyseText(text, language, noPieces).words;

/** A term of the question: any of the variants counts as it. */
type Term = {
  variants: string[];
  /** How much it tells: few of the texts hold it. The weights of a question add up to 1. */
  weight: number;
};

export class QuestionTerms {
  readonly #terms: Term[];
  readonly #termOf = new Map<string, number>();

  /**
   * @param languages of the documents.
   * @param texts the terms of each text that competes.
   */
  constructor(question: string, languages: readonly string[], texts: readonly ReadonlySet<string>[]) {
    const terms = analyseQuery(question, languages, noPieces).words.map(({ variants, weight }) => {
      const holding = texts.filter(text => variants.some(variant => text.has(variant))).length;
      return { variants, weight: Math.sqrt(weight) * inverseFrequency(holding, texts.length) };
    });
    const total = terms.reduce((sum, { weight }) => sum + weight, 0);
    this.#terms = terms.map(term => ({ ...term, weight: term.weight / (total || 1) }));
    for (const [index, { variants }] of this.#terms.entries())
      for (const variant of variants) this.#termOf.set(variant, index);
  }

  get size(): number {
    return this.#terms.length;
  }

  /** Which terms of the question these terms hold, by index. */
  heldBy(terms: Iterable<string>): Set<number> {
    const held = new Set<number>();
    for (const term of terms) {
      const index = this.#termOf.get(term);
      if (index !== undefined) held.add(index);
    }
    return held;
  }

  /** The share of the question that these of its terms make, 0 to 1. */
  share(held: Iterable<number>): number {
    let sum = 0;
    for (const index of held) sum += this.#terms[index]?.weight ?? 0;
    return sum;
  }

  /** The share of the question's pairs of terms that stand here within three words, in the same order. */
  pairsIn(terms: readonly string[]): number {
    if (this.#terms.length < 2) return 0;
    const found = new Set<number>();
    const lastAt = new Map<number, number>();
    for (const [at, term] of terms.entries()) {
      const index = this.#termOf.get(term);
      if (index === undefined) continue;
      const before = lastAt.get(index - 1);
      if (before !== undefined && at - before <= 3) found.add(index);
      lastAt.set(index, at);
    }
    return found.size / (this.#terms.length - 1);
  }

  /** How much of what is not held tells most: the greatest weight among the other terms. */
  heaviestWithout(held: ReadonlySet<number>): number {
    let heaviest = 0;
    for (const [index, { weight }] of this.#terms.entries())
      if (!held.has(index) && weight > heaviest) heaviest = weight;
    return heaviest;
  }
}

/** Robertson and Spärck Jones, as in BM25, never below 0. */
const inverseFrequency = (holding: number, all: number) =>
  Math.log(1 + (all - holding + 0.5) / (holding + 0.5));
