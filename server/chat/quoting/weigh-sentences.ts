/** What speaks for each sentence as an answer, before and after it is embedded. */
import { type AnswerKind, answerKind, offers } from './answer-kind.ts';
import type { Sentence } from './find-sentences.ts';
import { QuestionTerms, termsOf } from './question-terms.ts';

/** Each 0 to 1 but for the cosine, and of its own weight in the score. */
export type SentenceSigns = {
  /** The share of the question that the sentence itself says. */
  coverage: number;
  /** What the line above it, a heading or a table's header, says of the rest. */
  underLead: number;
  /** What the sentence before it says of the rest. */
  afterPrevious: number;
  /** What the document's name, its title and the headings above say of the rest. */
  underHeadings: number;
  /** Question words that stand next to each other here too, of all such pairs. */
  pairs: number;
  /** 1: it has what kind of thing is asked for; 0: it has not; 0.5: its look does not tell. */
  kind: number;
  /** The passage's score by words and vectors, of the best passage's. */
  passage: number;
  /** The passage's cosine. */
  passageCosine: number;
  /** 1 for a line that only names what follows. */
  heading: number;
  /** Up to 1: too short to say anything but what was asked. */
  brevity: number;
  /** Cosine of the sentence with the question; 0 before it is known. */
  cosine: number;
};

const sentenceWeights: SentenceSigns = {
  coverage: 1,
  underLead: 0.6,
  afterPrevious: 0.5,
  underHeadings: 0.35,
  pairs: 0.2,
  kind: 0.25,
  passage: 0.45,
  passageCosine: 0.75,
  heading: -1,
  brevity: -0.1,
  cosine: 0.6,
};

export type WeighedSentence = { sentence: Sentence; terms: string[]; signs: SentenceSigns };

/** Content words from which on a sentence is no longer short. */
const NO_LONGER_SHORT = 6;

/** All signs but the cosine. */
export function weighSentences(
  question: string,
  sentences: Sentence[],
): { terms: QuestionTerms; weighed: WeighedSentence[] } {
  const termsOfSentence = new Map(
    sentences.map(sentence => [sentence, termsOf(sentence.text, languageOf(sentence))]),
  );
  const languages = [...new Set(sentences.map(languageOf))].filter(language => language !== null);
  const terms = new QuestionTerms(
    question,
    languages,
    [...termsOfSentence.values()].map(own => new Set(own)),
  );
  const held = (sentence: Sentence | undefined) =>
    terms.heldBy((sentence && termsOfSentence.get(sentence)) ?? []);
  const headingsHold = remembered((sentence: Sentence) => {
    const { prefix, headings } = sentence.passage;
    return terms.heldBy(termsOf([prefix, ...headings].join('. '), languageOf(sentence)));
  });
  const asked = answerKind(question);
  const bestScore = Math.max(...sentences.map(({ passage }) => passage.score), 0.01);
  const weighed = sentences.map(sentence => {
    const own = termsOfSentence.get(sentence) ?? [];
    const held0 = terms.heldBy(own);
    const lead = held(sentence.lead);
    const gain = (by: Set<number>, ...without: Set<number>[]) =>
      terms.share([...by].filter(index => !without.some(other => other.has(index))));
    const previous = held(sentence.previous);
    const signs: SentenceSigns = {
      coverage: terms.share(held0),
      underLead: gain(lead, held0),
      afterPrevious: gain(previous, held0, lead),
      underHeadings: gain(headingsHold(sentence), held0, lead, previous),
      pairs: terms.pairsIn(own),
      kind: kindSign(asked, sentence, question),
      passage: sentence.passage.score / bestScore,
      passageCosine: sentence.passage.similarity ?? 0,
      heading: sentence.kind === 'heading' ? 1 : 0,
      brevity: Math.max(0, 1 - (own.length - held0.size) / NO_LONGER_SHORT),
      cosine: 0,
    };
    return { sentence, terms: own, signs };
  });
  return { terms, weighed };
}

export const scoreOf = (signs: SentenceSigns): number =>
  (Object.keys(sentenceWeights) as (keyof SentenceSigns)[]).reduce(
    (sum, name) => sum + sentenceWeights[name] * signs[name],
    0,
  );

function kindSign(asked: AnswerKind, { text }: Sentence, question: string): number {
  const found = offers(asked, text, question);
  return found === undefined ? 0.5 : Number(found);
}

const languageOf = ({ passage }: Sentence) => passage.language;

function remembered<Key extends Sentence, Value>(make: (key: Key) => Value): (key: Key) => Value {
  const known = new Map<number, Value>();
  return key => {
    const id = key.passage.passageId;
    const value = known.get(id) ?? make(key);
    known.set(id, value);
    return value;
  };
}
