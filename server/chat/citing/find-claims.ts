import { type Sentence, segmentSentences } from '../../embedding/segment-sentences.ts';
import type { Marker } from './markers/marker-scanner.ts';

/** A stretch of the answer and the sources that it cites. Offsets in the answer. */
export type Claim = {
  start: number;
  /** After its markers. */
  end: number;
  /** Without markers. */
  text: string;
  numbers: number[];
};

export type FoundClaims = {
  claims: Claim[];
  /** Where the first sentence begins that may go on; the end of the answer when none does. */
  settled: number;
};

/** A stretch of fewer words between two markers is understood only with what stands before it. */
const leastWords = 3;

/**
 * The claims of the answer from `start` on that cite something. A claim reaches from the beginning of its sentence,
 * or the marker before, to its own markers; those after the full stop belong to the sentence before it.
 *
 * @param isWhole whether the answer ends here; otherwise its last sentence is left for later.
 */
export function findClaims(
  answer: string,
  markers: readonly Marker[],
  { start, isWhole }: { start: number; isWhole: boolean },
): FoundClaims {
  const own = markers.filter(marker => marker.start >= start);
  // Of the same length, so that offsets stay; white space ends up in the sentence before it.
  let plain = answer;
  for (const marker of own)
    plain = plain.slice(0, marker.start) + ' '.repeat(marker.end - marker.start) + plain.slice(marker.end);
  const sentences = segmentSentences(plain, start);
  const complete = isWhole ? sentences : withoutOpen(plain, sentences);
  const claims = complete.flatMap(sentence => claimsOf(answer, plain, own, sentence));
  return { claims, settled: complete.at(-1)?.end ?? start };
}

function claimsOf(answer: string, plain: string, markers: readonly Marker[], sentence: Sentence): Claim[] {
  const groups = groupMarkers(
    answer,
    markers.filter(({ start }) => start >= sentence.start && start < sentence.end),
  );
  const claims: Claim[] = [];
  for (const [index, group] of groups.entries()) {
    const next = groups[index + 1]?.start ?? sentence.end;
    const before = groups[index - 1]?.end ?? sentence.start;
    const isShort = countWords(plain.slice(before, group.start)) < leastWords;
    const isCitedBefore = claims.some(({ numbers }) =>
      numbers.some(number => group.numbers.includes(number)),
    );
    const ownStart = isShort && !isCitedBefore ? sentence.start : before;
    // "According to [1], …", and what follows the last marker.
    const goesOn = index === groups.length - 1 || countWords(plain.slice(ownStart, group.start)) < leastWords;
    const hasMore = goesOn && countWords(plain.slice(group.end, next)) > 0;
    const start = skipSigns(plain, ownStart, group.start);
    const end = hasMore ? group.end + plain.slice(group.end, next).trimEnd().length : group.end;
    claims.push({ start, end, text: plain.slice(start, end).trim(), numbers: group.numbers });
  }
  return claims;
}

/** Whether a full stop ends a sentence is only known once a letter follows it (UAX 29, SB8). */
function withoutOpen(text: string, sentences: Sentence[]): Sentence[] {
  const last = sentences.findLastIndex(({ start, end }) => /\p{L}/u.test(text.slice(start, end)));
  return sentences.slice(0, Math.max(0, last));
}

type Group = { start: number; end: number; numbers: number[] };

/** Markers with nothing but white space and commas between them. */
function groupMarkers(answer: string, markers: readonly Marker[]): Group[] {
  const groups: Group[] = [];
  for (const { number, start, end } of markers) {
    const last = groups.at(-1);
    if (last && /^[\s,;，、]*$/.test(answer.slice(last.end, start))) {
      last.end = end;
      if (!last.numbers.includes(number)) last.numbers.push(number);
    } else groups.push({ start, end, numbers: [number] });
  }
  return groups;
}

/** Letters of scripts without spaces count by two. */
function countWords(text: string): number {
  const unspaced = text.match(/[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}]/gu);
  return (text.match(/[\p{L}\p{N}]+/gu)?.length ?? 0) + Math.floor((unspaced?.length ?? 0) / 2);
}

/** White space, and the signs of lists, quotes and headings. */
function skipSigns(text: string, start: number, end: number): number {
  const signs = /^(?:\s|[-*+>#|•,;:]|\d{1,3}[.)]\s)*/.exec(text.slice(start, end));
  return start + (signs?.[0].length ?? 0);
}
