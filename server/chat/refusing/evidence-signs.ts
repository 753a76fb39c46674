import type { SentenceRanking } from '../quoting/rank-sentences.ts';

/** What tells whether anything found answers the question. Each 0 to 1, but for the cosines. */
export type EvidenceSigns = {
  /** Of the nearest passage. */
  passageCosine: number;
  /** Of the nearest sentence; 0 when no sentence was embedded. */
  sentenceCosine: number;
  /** The most of the question that one sentence says. */
  coverage: number;
  /** What the best passage says of the question. */
  passageCoverage: number;
  /** Terms of the question, up to twelve of them: long questions are seldom covered whole. */
  terms: number;
  /** 1: the question has a negation and the best sentence has none. */
  negation: number;
};

const MOST_TERMS = 12;

const negation =
  /n['’]t(?!\p{L})|(?<!\p{L})(?:not|never|no|without|cannot|nicht|kein\p{L}*|nie|niemals|ohne|jamais|sans|aucune?|nunca|jamás|sin|ningun\p{L}*|mai|senza|nessun\p{L}*|niet|geen|nooit|zonder|não|sem|nie|bez|не|нет|без|ikke|inte)(?!\p{L})|[不没沒無无未]/iu;

export function evidenceSigns(question: string, { ranked, terms }: SentenceRanking): EvidenceSigns {
  const [best] = ranked;
  const most = (of: (one: (typeof ranked)[number]) => number) => Math.max(0, ...ranked.map(of));
  return {
    passageCosine: most(({ signs }) => signs.passageCosine),
    sentenceCosine: most(({ signs }) => signs.cosine),
    coverage: most(({ signs }) => signs.coverage),
    passageCoverage: passageCoverage(ranked, terms),
    terms: Math.min(terms.size, MOST_TERMS) / MOST_TERMS,
    negation: negation.test(question) && !negation.test(best?.sentence.text ?? '') ? 1 : 0,
  };
}

/** What the ranked sentences of the passage with the highest score say together. */
function passageCoverage(ranked: SentenceRanking['ranked'], terms: SentenceRanking['terms']): number {
  const top = ranked.reduce<(typeof ranked)[number] | undefined>(
    (best, one) => (best && best.sentence.passage.score >= one.sentence.passage.score ? best : one),
    undefined,
  );
  const own = ranked.filter(({ sentence }) => sentence.passage === top?.sentence.passage);
  return terms.share(terms.heldBy(own.flatMap(one => one.terms)));
}
