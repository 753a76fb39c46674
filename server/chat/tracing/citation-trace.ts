import type { Citation, Source } from '../../../contract/chat.ts';
import type { CheckedCitation } from '../../../contract/trace.ts';
import { type Features, isSupport } from '../citing/aligning/judge.ts';

/** A trace is no copy of the answer. */
const MOST_TRACED = 200;

type Compared = {
  claim: { text: string; start: number; end: number };
  source: Source;
  /** What the claim was compared with; undefined for a source without a sentence. */
  found: { citation: Citation; features: Features } | undefined;
};

/** How every claim of an answer was compared with what it cites. */
export class CitationTrace {
  readonly #checked: CheckedCitation[] = [];

  get checked(): CheckedCitation[] {
    return this.#checked;
  }

  /** By their words. */
  add({ claim, source, found }: Compared): void {
    if (this.#checked.length >= MOST_TRACED) return;
    const { coverage = 0, missingNumbers = 0, isOpposite = false } = found?.features ?? {};
    this.#checked.push({
      number: source.number,
      passage_id: source.passage_id,
      answer_start: claim.start,
      answer_end: claim.end,
      claim: claim.text,
      document_id: source.document_id,
      start: found?.citation.start ?? null,
      end: found?.citation.end ?? null,
      coverage: round(coverage),
      missing_numbers: missingNumbers,
      opposite: isOpposite,
      cosine: null,
      verdict: found ? verdictOf(found.features) : 'no_sentence',
    });
  }

  /** What the embeddings said of a citation that its words left in doubt. */
  addCosine({ number, answer_start }: Citation, cosine: number, isVerified: boolean): void {
    const checked = this.#checked.find(one => one.number === number && one.answer_start === answer_start);
    if (!checked) return;
    checked.cosine = round(cosine);
    if (isVerified) checked.verdict = 'verified_by_embedding';
  }
}

function verdictOf(features: Features): CheckedCitation['verdict'] {
  if (isSupport(features)) return 'verified';
  if (features.missingNumbers > 0) return 'missing_number';
  return features.isOpposite ? 'opposite' : 'too_little';
}

const round = (value: number) => Math.round(1e4 * value) / 1e4;
