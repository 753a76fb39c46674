import type { Excerpt } from '../../retrieval/excerpts.ts';
import { findSentences, type Sentence } from './find-sentences.ts';
import type { QuestionTerms } from './question-terms.ts';
import { scoreOf, type WeighedSentence, weighSentences } from './weigh-sentences.ts';

type RankedSentence = WeighedSentence & { score: number };

export type SentenceRanking = {
  /** All that can be quoted, in reading order within each excerpt; headings too. */
  sentences: Sentence[];
  /** Best first. Of those beyond the first, the cosine may not be known. */
  ranked: RankedSentence[];
  terms: QuestionTerms;
};

type Input = {
  question: string;
  /** Of unit length. */
  questionEmbedding: Float32Array;
  /** Best first. */
  excerpts: Excerpt[];
  /** Undefined: the cosines of sentences stay 0. */
  embed: ((sentences: string[]) => Promise<Float32Array[]>) | undefined;
};

/** Sentences worth an embedding; all other signs choose them. */
const MOST_EMBEDDED = 16;

/** The sentences of the found texts by how well they answer the question. */
export async function rankSentences(input: Input): Promise<SentenceRanking> {
  const { question, questionEmbedding, excerpts, embed } = input;
  const sentences = excerpts.flatMap(findSentences);
  const { terms, weighed } = weighSentences(question, sentences);
  const likely = weighed
    .filter(({ sentence }) => sentence.kind !== 'heading')
    .map(one => ({ ...one, score: scoreOf(one.signs) }))
    .sort((a, b) => b.score - a.score);
  const embedded = likely.slice(0, MOST_EMBEDDED);
  const embeddings = await embed?.(embedded.map(({ sentence }) => sentence.text));
  const ranked = embedded
    .map(({ sentence, terms: own, signs }, index) => {
      const known = { ...signs, cosine: cosine(questionEmbedding, embeddings?.[index]) };
      return { sentence, terms: own, signs: known, score: scoreOf(known) };
    })
    .sort((a, b) => b.score - a.score);
  return { sentences, ranked, terms };
}

function cosine(a: Float32Array, b: Float32Array | undefined): number {
  if (!b) return 0;
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}
