import type { Citation } from './chat.ts';

/**
 * Puts a citation into its place in the order of the answer; it replaces the one of the same claim and source.
 * In a file of its own: the web page uses it, and no schema.
 */
export function placeCitation(citations: readonly Citation[], citation: Citation): Citation[] {
  const others = citations.filter(
    ({ number, answer_start }) => number !== citation.number || answer_start !== citation.answer_start,
  );
  return [...others, citation].sort((a, b) => a.answer_start - b.answer_start || a.number - b.number);
}
