import { contradict } from './compare-polarity.ts';
import { missingQuantities } from './compare-quantities.ts';
import type { Features } from './judge.ts';
import { readSentence, type SentenceTerms } from './read-sentence.ts';
import type { ReadSource, SourceUnit } from './read-source.ts';

/** Where a source supports a claim best. Offsets in the source's text. */
export type Alignment = {
  start: number;
  end: number;
  features: Features;
};

/** How much a name or a number of the claim counts against a word of the same rarity. */
const NAME_WEIGHT = 1.5;
const NUMBER_WEIGHT = 2;
/** Words of the same beginning are forms of one word; that much of the longer must be the same. */
const LEAST_STEM = 0.6;
const SHORTEST_STEM = 4;
const STEM_WEIGHT = 0.8;
const PAIR_WEIGHT = 0.7;
/** A second sentence must bring at least this much of the claim. */
const LEAST_GAIN = 0.12;
const CANDIDATES = 6;
/** As if there were this many units more: in a source of two sentences every word would be frequent. */
const BACKGROUND_UNITS = 20;

/** How rare terms are among the units of all sources. */
export function createRarity(sources: readonly ReadSource[]): (term: string) => number {
  const count = sources.reduce((sum, { units }) => sum + units.length, BACKGROUND_UNITS);
  return term => {
    const frequency = sources.reduce((sum, { postings }) => sum + (postings.get(term)?.length ?? 0), 0);
    return Math.log(1 + (count - frequency + 0.5) / (frequency + 0.5));
  };
}

/**
 * The sentence, or two that follow each other, of a source that support a claim best; undefined for a source
 * without words.
 */
export function alignClaim(
  claim: string,
  source: ReadSource,
  rarity: (term: string) => number,
): Alignment | undefined {
  const read = readSentence(claim, source.language);
  const weights = new Map<string, number>();
  for (const [term, { isName }] of read.terms) weights.set(term, rarity(term) * (isName ? NAME_WEIGHT : 1));
  let best: { features: Features; span: SourceUnit[] } | undefined;
  for (const span of likelySpans(source, weights)) {
    const features = compare(read, weights, source, span);
    const margin = best && span.length > best.span.length ? LEAST_GAIN : 0;
    if (!best || features.coverage > best.features.coverage + margin) best = { features, span };
  }
  const [first] = best?.span ?? [];
  if (!best || !first) return undefined;
  const { features, span } = best;
  return { start: first.start, end: span.at(-1)?.end ?? first.end, features };
}

/** Single units first, then pairs, those with the most weight of shared terms. */
function likelySpans({ units, postings }: ReadSource, weights: Map<string, number>): SourceUnit[][] {
  const single = new Float64Array(units.length);
  const pairs = new Float64Array(Math.max(0, units.length - 1));
  for (const [term, weight] of weights) {
    let before = -2;
    for (const index of postings.get(term) ?? []) {
      single[index] = (single[index] ?? 0) + weight;
      if (index > 0 && before !== index - 1) pairs[index - 1] = (pairs[index - 1] ?? 0) + weight;
      if (index < pairs.length) pairs[index] = (pairs[index] ?? 0) + weight;
      before = index;
    }
  }
  const best = (scores: Float64Array) =>
    [...scores.keys()].sort((a, b) => (scores[b] ?? 0) - (scores[a] ?? 0)).slice(0, CANDIDATES);
  return [
    ...best(single).map(index => units.slice(index, index + 1)),
    ...best(pairs)
      .map(index => units.slice(index, index + 2))
      // The cells of one row say nothing of the next.
      .filter(pair => !pair.some(({ isRow }) => isRow)),
  ];
}

function compare(
  claim: SentenceTerms,
  weights: Map<string, number>,
  source: ReadSource,
  span: SourceUnit[],
): Features {
  const shared = new Set<string>();
  let missingCodes = 0;
  let covered = 0;
  let total = 0;
  for (const [term, weight] of weights) {
    const share = Math.max(...span.map(unit => likeness(term, unit)));
    if (share > 0) shared.add(term);
    const isKnown = share > 0 || source.context.terms.has(term);
    if (!isKnown && isCode.test(term)) missingCodes += 1;
    total += weight;
    covered += weight * Math.max(share, source.context.terms.has(term) ? STEM_WEIGHT : 0);
  }
  const stated = [...span.flatMap(({ quantities }) => quantities), ...source.context.quantities];
  const missing = missingQuantities(claim.quantities, stated).length + missingCodes;
  const numberWeight = NUMBER_WEIGHT * (total / Math.max(1, weights.size) || 1);
  total += numberWeight * claim.quantities.length;
  covered += numberWeight * (claim.quantities.length - missing + missingCodes);
  return {
    coverage: total === 0 ? 0 : covered / total,
    missingNumbers: missing,
    isOpposite: mostShared(span, shared).every(unit => contradict(claim, unit, shared)),
  };
}

/** "B30" and "TN2420" say what a claim is about as exactly as a number does. */
const isCode = /^(?=.*\p{N})(?=.*\p{L})[\p{L}\p{N}]+$/u;

/** The units of a span that the claim is about: those with most of the shared terms. */
function mostShared(span: SourceUnit[], shared: ReadonlySet<string>): SourceUnit[] {
  const counts = span.map(({ terms }) => [...shared].filter(term => terms.has(term)).length);
  return span.filter((_, index) => counts[index] === Math.max(...counts));
}

/** 1 for a term that is there, less for another form of it, or for its characters in another order. */
function likeness(term: string, { terms, characters }: SourceUnit): number {
  if (terms.has(term)) return 1;
  if (isPair.test(term)) return [...term].every(character => characters.has(character)) ? PAIR_WEIGHT : 0;
  if (term.length < SHORTEST_STEM) return 0;
  const beginning = term.slice(0, SHORTEST_STEM);
  for (const other of terms.keys())
    if (other.startsWith(beginning) && shareStem(term, other)) return STEM_WEIGHT;
  return 0;
}

/** Chinese, Japanese and Korean text is compared by pairs of characters, across the borders of words too. */
const isPair = /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]{2}$/u;

function shareStem(one: string, other: string): boolean {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length >= LEAST_STEM * Math.max(one.length, other.length);
}
