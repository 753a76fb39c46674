import type { SentenceTerms } from './read-sentence.ts';

/** Words between a negation, or a word with an opposite, and what it is about. */
const reach = 4;

/** Whether the two say the opposite of each other about the words that they share. */
export function contradict(claim: SentenceTerms, span: SentenceTerms, shared: ReadonlySet<string>): boolean {
  const claimed = readPolarity(claim, shared);
  const stated = readPolarity(span, shared);
  const axes = [...claimed.axes].filter(([axis]) => stated.axes.has(axis));
  if (axes.length > 0)
    return axes.some(([axis, sign]) => {
      const other = stated.axes.get(axis);
      return sign !== 0 && other !== 0 && sign !== other;
    });
  return claimed.isNegated !== stated.isNegated;
}

/** 0: both sides of the axis. */
type Polarity = { isNegated: boolean; axes: Map<string, number> };

function readPolarity({ terms, negations, sides }: SentenceTerms, shared: ReadonlySet<string>): Polarity {
  const places = [...shared].flatMap(term => terms.get(term)?.places ?? []);
  const isNear = (place: number) => places.some(other => Math.abs(other - place) <= reach);
  const near = negations.filter(isNear);
  const axes = new Map<string, number>();
  for (const { axis, sign, place } of sides) {
    if (!isNear(place)) continue;
    // "Did not increase": a negation shortly before the word turns it.
    const isTurned = near.some(negation => negation < place && place - negation <= reach);
    const turned = isTurned ? -sign : sign;
    const known = axes.get(axis);
    axes.set(axis, known === undefined || known === turned ? turned : 0);
  }
  return { isNegated: near.length % 2 === 1, axes };
}
