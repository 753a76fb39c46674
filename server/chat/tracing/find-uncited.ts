import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Citation, Source } from '../../../contract/chat.ts';
import type { AnswerTrace } from '../../../contract/trace.ts';
import { segmentSentences } from '../../embedding/segment-sentences.ts';
import { alignClaim } from '../citing/aligning/align-claim.ts';
import { isSupport } from '../citing/aligning/judge.ts';
import { readSources } from '../citing/aligning/read-sources.ts';

const MOST_SENTENCES = 40;
/** Fewer are "Yes." or a heading. */
const LEAST_WORDS = 3;

type Uncited = AnswerTrace['uncited'];
type Written = { content: string; sources: readonly Source[]; citations: readonly Citation[] };

/** The sentences of an answer that cite nothing, and where the sources say most of each. */
export async function findUncited({ content, sources, citations }: Written): Promise<Uncited> {
  const isCited = (start: number, end: number) =>
    citations.some(({ answer_start, answer_end }) => answer_start < end && answer_end > start);
  const sentences = segmentSentences(content)
    .filter(({ start, end }) => !isCited(start, end) && countWords(content.slice(start, end)) >= LEAST_WORDS)
    .slice(0, MOST_SENTENCES);
  if (sentences.length === 0 || sources.length === 0) return [];
  const read = readSources(sources);
  const found: Uncited = [];
  for (const { start, end } of sentences) {
    const text = content.slice(start, end).trimEnd();
    const best = read.sources
      .flatMap((source, index) => {
        const alignment = alignClaim(text, source, read.rarity);
        const stated = sources[index];
        return alignment && stated ? [{ alignment, source: stated }] : [];
      })
      .reduce<Best | undefined>(better, undefined);
    if (best) found.push(toUncited(best, start, start + text.length));
    // Answers that are being written go on in between.
    await nextTurn();
  }
  return found;
}

type Best = { alignment: NonNullable<ReturnType<typeof alignClaim>>; source: Source };

const better = (one: Best | undefined, other: Best): Best =>
  one && one.alignment.features.coverage >= other.alignment.features.coverage ? one : other;

function toUncited({ alignment, source }: Best, answer_start: number, answer_end: number): Uncited[number] {
  const { start, end, features } = alignment;
  return {
    answer_start,
    answer_end,
    number: source.number,
    passage_id: source.passage_id,
    document_id: source.document_id,
    start: source.start + start,
    end: source.start + end,
    coverage: Math.round(1e4 * features.coverage) / 1e4,
    missing_numbers: features.missingNumbers,
    opposite: features.isOpposite,
    supported: isSupport(features),
  };
}

const countWords = (text: string) => text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0;
