import { setTimeout as sleep } from 'node:timers/promises';
import type { Check, Citation, Source } from '../../../contract/chat.ts';
import { placeCitation } from '../../../contract/place-citation.ts';
import type { CheckedCitation } from '../../../contract/trace.ts';
import { GrowingText } from '../../language-model/growing-text.ts';
import { CitationTrace } from '../tracing/citation-trace.ts';
import { alignClaim } from './aligning/align-claim.ts';
import { type Features, isDoubtful, isSupport } from './aligning/judge.ts';
import { contextOf, type ReadSources, readSources } from './aligning/read-sources.ts';
import { type Claim, findClaims } from './find-claims.ts';
import type { Marker } from './markers/marker-scanner.ts';
import { ShownText } from './markers/shown-text.ts';
import { findUnsupportedNumbers } from './numbers/find-unsupported-numbers.ts';

export type CitedEvent = { type: 'content'; content: string } | Citation | Check;

type Options = {
  sources: readonly Source[];
  question: string;
  /** Vectors of unit length. Without it claims are compared by their words alone. */
  embed?: (texts: string[]) => Promise<Float32Array[]>;
};

type LookedAt = { citation: Citation; cosine: number; isVerified: boolean };

/** What waits longer for its embeddings stays as its words have it. */
const EMBEDDING_PATIENCE_MS = 500;
/** An answer of many doubtful claims does not keep the embedding model from other questions. */
const MOST_DOUBTS = 12;

/**
 * Puts the model's text into content that is shown, and harmless, and citations that are verified: `push` for every piece of
 * the text, `end` once. A claim's citations come as soon as its sentence is whole.
 */
export class AnswerCiter {
  readonly #sources: readonly Source[];
  readonly #question: string;
  readonly #embed: Options['embed'];
  /** Citations that their embeddings may verify. */
  readonly #doubts: Promise<LookedAt | undefined>[] = [];
  readonly #trace = new CitationTrace();
  readonly #shown: ShownText;
  readonly #markers: Marker[] = [];
  #citations: Citation[] = [];
  readonly #answer = new GrowingText();
  #hasEnded = false;
  /** Where the sentence begins that is being written. */
  #settled = 0;
  #read: ReadSources | undefined;

  constructor({ sources, question, embed }: Options) {
    this.#embed = embed;
    this.#sources = sources;
    this.#question = question;
    this.#shown = new ShownText(sources.length);
  }

  /** What is shown so far. */
  get answer(): string {
    return this.#answer.text;
  }

  /** How its claims were compared with what they cite, so far. */
  get checked(): CheckedCitation[] {
    return this.#trace.checked;
  }

  push(delta: string): CitedEvent[] {
    return this.#show(this.#shown.push(delta), false);
  }

  /**
   * The rest, what the embeddings have changed, and the check of what was written; nothing when the answer has ended
   * before, or is empty.
   */
  async *end(): AsyncGenerator<CitedEvent> {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    yield* this.#show(this.#shown.end(), true);
    if (this.answer === '') return;
    for (const citation of await this.#lookAgain()) {
      this.#citations = placeCitation(this.#citations, citation);
      yield citation;
    }
    yield this.#check();
  }

  #show({ text, markers }: { text: string; markers: Marker[] }, isWhole: boolean): CitedEvent[] {
    const events: CitedEvent[] = text === '' ? [] : [{ type: 'content', content: text }];
    this.#answer.add(text);
    this.#markers.push(...markers);
    const isOpen = (this.#markers.at(-1)?.start ?? -1) >= this.#settled;
    // Without a marker there is nothing to cite, however many sentences there are.
    if (!isOpen || (text === '' && !isWhole)) return events;
    const { claims, settled } = findClaims(this.answer, this.#markers, { start: this.#settled, isWhole });
    this.#settled = settled;
    const citations = claims.flatMap(claim => this.#cite(claim));
    for (const citation of citations) this.#citations = placeCitation(this.#citations, citation);
    return [...events, ...citations];
  }

  #cite(claim: Claim): Citation[] {
    const { start, end, text, numbers } = claim;
    this.#read ??= readSources(this.#sources);
    const { sources, rarity } = this.#read;
    return numbers.flatMap(number => {
      const source = this.#sources.find(one => one.number === number);
      const read = sources.find(one => one.number === number);
      const alignment = read && alignClaim(text, read, rarity);
      if (!source) return [];
      if (!alignment) {
        this.#trace.add({ claim, source, found: undefined });
        return [];
      }
      const citation = {
        type: 'citation' as const,
        number,
        answer_start: start,
        answer_end: end,
        document_id: source.document_id,
        start: source.start + alignment.start,
        end: source.start + alignment.end,
        quote: source.quote.slice(alignment.start, alignment.end),
        verified: isSupport(alignment.features),
      };
      this.#trace.add({ claim, source, found: { citation, features: alignment.features } });
      this.#doubt(text, citation, alignment.features);
      return [citation];
    });
  }

  /** Has the claim and the quote embedded while the answer goes on. */
  #doubt(claim: string, citation: Citation, features: Features): void {
    if (!this.#embed || !isDoubtful(features) || this.#doubts.length >= MOST_DOUBTS) return;
    const lookedAt = this.#embed([claim, citation.quote]).then(
      ([one, other]) => {
        const likeness = cosine(one, other);
        return { citation, cosine: likeness, isVerified: isSupport(features, likeness) };
      },
      // The embedding model is away: the words have decided.
      () => undefined,
    );
    this.#doubts.push(lookedAt);
  }

  /** Those that their embeddings verify. */
  async #lookAgain(): Promise<Citation[]> {
    const timer = new AbortController();
    const tooLate = sleep(EMBEDDING_PATIENCE_MS, undefined, { signal: timer.signal }).catch(() => undefined);
    const found = await Promise.all(this.#doubts.map(doubt => Promise.race([doubt, tooLate])));
    timer.abort();
    const inTime = found.filter(one => one !== undefined);
    for (const { citation, cosine: likeness, isVerified } of inTime)
      this.#trace.addCosine(citation, likeness, isVerified);
    return inTime.flatMap(({ citation, isVerified }) =>
      isVerified ? [{ ...citation, verified: true }] : [],
    );
  }

  #check(): Check {
    const texts = this.#sources.flatMap(source => [source.quote, contextOf(source)]);
    const leftOut = [...this.#shown.code, ...this.#markers];
    const numbers = findUnsupportedNumbers(this.answer, leftOut, [this.#question, ...texts]);
    return {
      type: 'check',
      removed_markers: this.#shown.removed,
      unverified: this.#citations.filter(({ verified }) => !verified).length,
      unsupported_numbers: numbers.map(({ text, start, end }) => ({
        text,
        answer_start: start,
        answer_end: end,
      })),
    };
  }
}

function cosine(one: Float32Array | undefined, other: Float32Array | undefined): number {
  if (!one || !other) return 0;
  return one.reduce((sum, value, index) => sum + value * (other[index] ?? 0), 0);
}
