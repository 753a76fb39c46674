/** `lectern evaluate --citations DIR…`: how often a verified citation is right, and how many right ones are verified. */
import { alignClaim, createRarity } from '../../server/chat/citing/aligning/align-claim.ts';
import { type Features, isDoubtful, isSupport } from '../../server/chat/citing/aligning/judge.ts';
import { type ReadSource, readSource } from '../../server/chat/citing/aligning/read-source.ts';
import type { Embedder } from '../../server/embedding/embedder.ts';
import { bootstrapInterval, type Interval } from '../figures/bootstrap.ts';
import { type CaseKind, type CitationCase, caseKinds, type Half } from './citation-case.ts';
import type { CitationSet } from './read-citation-cases.ts';

/** What a claim is compared by; each has what those before it have. */
const evidences = ['words', '+ rarity', '+ numbers', '+ opposites', '+ embedding'] as const;
type Evidence = (typeof evidences)[number];

/** In per cent, with 95 % intervals. */
type Figure = { value: number; interval: Interval };

export type CitationFigures = {
  set: string;
  half: Half;
  evidence: Evidence;
  /** Verified citations that are right, of all verified; without the kind `other answer`. */
  precision: Figure;
  /** Right citations that are verified with the right quote, of all. */
  recall: Figure;
  /** Right citations whose quote is right, verified or not. */
  rightQuotes: number;
  /** How many cases of each kind there are, and the share that is verified. */
  kinds: Partial<Record<CaseKind, { count: number; verified: number }>>;
  /** To align a claim with its source, without embedding. */
  msPerClaim: number;
};

type Judged = CitationCase & { half: Half; isRight: boolean; verified: Record<Evidence, boolean> };
type Options = {
  embedder: Embedder | undefined;
  signal: AbortSignal;
  onProgress: (what: string, done: number, all: number) => void;
};

export async function measureCitations(
  { name, cases }: CitationSet,
  { embedder, signal, onProgress }: Options,
): Promise<CitationFigures[]> {
  const sources = new Map<string, ReadSource>();
  const judged: Judged[] = [];
  let ms = 0;
  for (const [index, one] of cases.entries()) {
    signal.throwIfAborted();
    const read = [one.cited, ...one.others].map(text => remember(sources, text));
    const startedAt = performance.now();
    const byRarity = align(one, read, createRarity(read));
    ms += performance.now() - startedAt;
    judged.push(
      await judge(
        one,
        byRarity,
        align(one, read, () => 1),
        embedder,
      ),
    );
    if (index % 50 === 0) onProgress(`${name}: claims`, index, cases.length);
  }
  const shown = evidences.filter(evidence => embedder || evidence !== '+ embedding');
  const halves = (['tuning', 'held out'] as const).filter(half => judged.some(one => one.half === half));
  return halves.flatMap(half =>
    shown.map(evidence => ({
      set: name,
      half,
      evidence,
      ...figuresOf(
        judged.filter(one => one.half === half),
        evidence,
      ),
      msPerClaim: ms / cases.length,
    })),
  );
}

function remember(sources: Map<string, ReadSource>, text: string): ReadSource {
  const source = sources.get(text) ?? readSource({ number: 1, text, context: '' });
  sources.set(text, source);
  return source;
}

type Aligned = { isRight: boolean; quote: string; features: Features };

function align(
  { claim, cited, support }: CitationCase,
  [source]: ReadSource[],
  rarity: (term: string) => number,
): Aligned | undefined {
  const found = source && alignClaim(claim, source, rarity);
  return (
    found && {
      isRight: support.some(({ start, end }) => found.start <= start && end <= found.end),
      quote: cited.slice(found.start, found.end),
      features: found.features,
    }
  );
}

async function judge(
  one: Judged | (CitationCase & { half: Half }),
  byRarity: Aligned | undefined,
  byWords: Aligned | undefined,
  embedder: Embedder | undefined,
): Promise<Judged> {
  const accepts = (aligned: Aligned | undefined, ignored: Partial<Features>) =>
    aligned !== undefined && isSupport({ ...aligned.features, ...ignored });
  const all = accepts(byRarity, {});
  let embedded = all;
  if (!all && embedder && byRarity && isDoubtful(byRarity.features)) {
    const [claim, quote] = await embedder.embedPassages([one.claim, byRarity.quote]);
    const cosine = claim?.reduce((sum, value, index) => sum + value * (quote?.[index] ?? 0), 0) ?? 0;
    embedded = isSupport(byRarity.features, cosine);
  }
  return {
    ...one,
    isRight: byRarity?.isRight ?? false,
    verified: {
      words: accepts(byWords, { missingNumbers: 0, isOpposite: false }),
      '+ rarity': accepts(byRarity, { missingNumbers: 0, isOpposite: false }),
      '+ numbers': accepts(byRarity, { isOpposite: false }),
      '+ opposites': all,
      '+ embedding': embedded,
    },
  };
}

function figuresOf(judged: Judged[], evidence: Evidence) {
  const supported = judged.filter(({ kind }) => kind === 'supported');
  const verified = judged.filter(one => one.verified[evidence] && one.kind !== 'other answer');
  const isProof = (one: Judged) => Number(one.kind === 'supported' && one.isRight && one.verified[evidence]);
  const kinds = caseKinds.flatMap(kind => {
    const ofKind = judged.filter(one => one.kind === kind);
    const share = mean(ofKind.map(one => Number(one.verified[evidence])));
    return ofKind.length === 0 ? [] : [[kind, { count: ofKind.length, verified: 100 * share }] as const];
  });
  return {
    precision: figure(verified.map(isProof)),
    recall: figure(supported.map(isProof)),
    rightQuotes: 100 * mean(supported.map(one => Number(one.isRight))),
    kinds: Object.fromEntries(kinds),
  };
}

const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

function figure(values: number[]): Figure {
  if (values.length === 0) return { value: 0, interval: [0, 0] };
  const [low, high] = bootstrapInterval(values);
  return { value: 100 * mean(values), interval: [100 * low, 100 * high] };
}
