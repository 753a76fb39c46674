import type { Span } from '../data-sets/data-set.ts';

/** A claim that cites a document, and whether and where that supports it. */
export type CitationCase = {
  id: string;
  claim: string;
  /** The text that is cited. */
  cited: string;
  /** Other texts that the answer could have been written from: they say which words are rare. */
  others: string[];
  /** The citation is right when its quote covers one of these; empty: nothing there supports the claim. */
  support: Span[];
  kind: CaseKind;
};

export const caseKinds = ['supported', 'contradicted', 'elsewhere', 'other number', 'other answer'] as const;
export type CaseKind = (typeof caseKinds)[number];

/** Thresholds were chosen on one half; the figures that count are those of the other. */
export type Half = 'tuning' | 'held out';

/** By a key that related cases share, so that none has a sibling in the other half. */
export function halfOf(key: string): Half {
  let hash = 0x811c9dc5;
  for (const character of key) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return ((hash ^ (hash >>> 15)) & 1) === 0 ? 'tuning' : 'held out';
}
