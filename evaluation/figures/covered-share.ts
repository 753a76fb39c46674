import type { Span } from '../data-sets/data-set.ts';

/** A stretch of one document. */
type PlacedSpan = Span & { documentId: string };

/** A stretch with its text. */
export type PlacedText = PlacedSpan & { text: string };

/** What the first stretches of a context hold: those that fit, and the beginning of the next one. */
export function cutToLength(context: PlacedText[], length: number): PlacedText[] {
  let left = length;
  return context.flatMap(one => {
    const taken = Math.min(left, one.end - one.start);
    left -= taken;
    return taken > 0 ? [{ ...one, end: one.start + taken, text: one.text.slice(0, taken) }] : [];
  });
}

/**
 * The share of the wanted characters that the context holds: where they are wanted, or the same sentence word
 * for word elsewhere, because of text that stands in a document twice a context shows one place. What is wanted
 * twice counts once.
 */
export function coveredShare(wanted: PlacedText[], context: PlacedText[]): number {
  const documents = [...new Set(wanted.map(({ documentId }) => documentId))];
  const texts = context.map(({ text }) => text).join('\n');
  let total = 0;
  let covered = 0;
  for (const id of documents) {
    const isHere = ({ documentId }: PlacedSpan) => documentId === id;
    const ofDocument = context.filter(isHere);
    for (const span of withoutOverlaps(wanted.filter(isHere))) {
      total += span.text.length;
      covered += countCovered(span, ofDocument, texts);
    }
  }
  return covered / total;
}

/** Shorter sentences say the same in many places without being a copy. */
const SHORTEST_COPY = 20;

function countCovered({ start, text }: PlacedText, context: PlacedSpan[], texts: string): number {
  const isCovered = new Uint8Array(text.length);
  for (const one of context)
    isCovered.fill(1, clamp(one.start - start, text.length), clamp(one.end - start, text.length));
  for (const { 0: sentence, index } of text.matchAll(/[^.!?\n]+[.!?\n]*\s*/g)) {
    const bare = sentence.trim();
    if (bare.length >= SHORTEST_COPY && texts.includes(bare))
      isCovered.fill(1, index, index + sentence.length);
  }
  return isCovered.reduce((sum, one) => sum + one, 0);
}

const clamp = (offset: number, length: number) => Math.min(length, Math.max(0, offset));

/** The same characters, each in one span. */
function withoutOverlaps(spans: PlacedText[]): PlacedText[] {
  const separate: PlacedText[] = [];
  let end = 0;
  for (const span of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const known = Math.max(0, end - span.start);
    if (known < span.text.length)
      separate.push({ ...span, start: span.start + known, text: span.text.slice(known) });
    end = Math.max(end, span.end);
  }
  return separate;
}
