import { segmentSentences } from '../embedding/segment-sentences.ts';
import type { RetrievedPassage } from '../retrieval/retriever.ts';

/** A sentence (or several that follow each other) of a document, verbatim. */
export type Quote = {
  documentId: number;
  chunkId: number;
  filename: string;
  start: number;
  end: number;
  text: string;
  score: number;
};

type Candidate = { quote: Quote; words: Set<string>; passage: RetrievedPassage };
type Scored = Pick<Candidate, 'quote' | 'passage'>;

type Input = {
  question: string;
  questionEmbedding: Float32Array;
  /** Best first. */
  passages: RetrievedPassage[];
  embed: (sentences: string[]) => Promise<Float32Array[]>;
};

const MOST_QUOTES = 3;
/** Sentences worth an embedding; the words of the question choose them. */
const MOST_EMBEDDED = 12;
const MOST_WORDS_OF_A_HEADING = 8;
/** A further sentence must come this near to the best. */
const NEAR_BEST = 0.8;
/** Weight of the passage's cosine beside the sentence's own evidence (shared design, chat.md). */
const PASSAGE_WEIGHT = 0.5;

/**
 * The sentences of the passages that answer the question best, best first: idf-weighted coverage of the
 * question's words + cosine of sentence and question + half the passage's cosine.
 */
export async function selectQuotes({
  question,
  questionEmbedding,
  passages,
  embed,
}: Input): Promise<Quote[]> {
  const candidates = findCandidates(passages);
  const weigh = weighWords(question, candidates);
  const likely = candidates
    .map(candidate => ({
      ...candidate,
      evidence: weigh(candidate.words) + PASSAGE_WEIGHT * candidate.passage.similarity,
    }))
    .sort((a, b) => b.evidence - a.evidence)
    .slice(0, MOST_EMBEDDED);
  const embeddings = await embed(likely.map(({ quote }) => quote.text));
  const scored = likely
    .map(({ quote, passage, evidence }, index) => ({
      quote: { ...quote, score: evidence + cosine(questionEmbedding, embeddings[index]) },
      passage,
    }))
    .sort((a, b) => b.quote.score - a.quote.score);
  const best = scored[0]?.quote.score ?? 0;
  return joinAdjacent(scored.slice(0, MOST_QUOTES).filter(({ quote }) => quote.score >= NEAR_BEST * best));
}

/** The sentences of the passages, trimmed, each once. */
function findCandidates(passages: RetrievedPassage[]): Candidate[] {
  const candidates = new Map<string, Candidate>();
  for (const passage of passages) {
    for (const sentence of segmentSentences(passage.text)) {
      const raw = passage.text.slice(sentence.start, sentence.end);
      const text = raw.trim();
      const words = new Set(readWords(text));
      const textEnd = sentence.start + raw.trimEnd().length;
      if (!/\p{L}/u.test(text) || isHeading(text, words.size, passage.text.slice(textEnd))) continue;
      const start = passage.start + sentence.start + (raw.length - raw.trimStart().length);
      const { documentId, filename } = passage;
      const quote = {
        documentId,
        filename,
        chunkId: passage.chunk.id,
        start,
        end: start + text.length,
        text,
        score: 0,
      };
      candidates.set(`${documentId}:${start}`, { quote, words, passage });
    }
  }
  return [...candidates.values()];
}

/** A short paragraph of its own without a closing mark: near to many questions, and the answer to none. */
function isHeading(text: string, words: number, following: string): boolean {
  return (
    words <= MOST_WORDS_OF_A_HEADING &&
    !/[.!?…:;。！？]["')\]]*$/.test(text) &&
    /^[^\S\n]*\n[^\S\n]*\n/.test(following)
  );
}

/** How much of the question a sentence covers, 0 to 1; words that few of the sentences have count more. */
function weighWords(question: string, candidates: Candidate[]): (words: Set<string>) => number {
  const idf = new Map<string, number>();
  for (const word of readContentWords(question)) {
    const frequency = candidates.filter(candidate => candidate.words.has(word)).length;
    idf.set(word, Math.log(1 + (candidates.length - frequency + 0.5) / (frequency + 0.5)));
  }
  const total = [...idf.values()].reduce((sum, weight) => sum + weight, 0) || 1;
  return words => {
    let covered = 0;
    for (const [word, weight] of idf) if (words.has(word)) covered += weight;
    return covered / total;
  };
}

/** Words that a question is made of but not about; a question of nothing else keeps them. */
const functionWords = new Set(
  (
    'a an and any are as at be been but by can could did do does for from had has have how i if in is it its ' +
    'many may me much must my of on or our shall should so than that the their them there these they this ' +
    'those to us was we were what when where which who whom whose why will with would you your'
  ).split(' '),
);

function readContentWords(question: string): Set<string> {
  const words = readWords(question);
  const content = words.filter(word => !functionWords.has(word));
  return new Set(content.length > 0 ? content : words);
}

/** Words and numbers in lower case without accents. */
function readWords(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase();
  return plain.match(/[\p{L}\p{N}]+/gu) ?? [];
}

function cosine(a: Float32Array, b: Float32Array | undefined): number {
  if (!b) return 0;
  let sum = 0;
  for (let index = 0; index < a.length; index += 1) sum += (a[index] ?? 0) * (b[index] ?? 0);
  return sum;
}

/** Neighbours in a passage become one quote, in the place of the better one. */
function joinAdjacent(scored: Scored[]): Quote[] {
  const joined: Scored[] = [];
  for (const next of scored) {
    const near = joined.find(other => other.passage === next.passage && areAdjacent(other.quote, next.quote));
    if (!near) {
      joined.push(next);
      continue;
    }
    const start = Math.min(near.quote.start, next.quote.start);
    const end = Math.max(near.quote.end, next.quote.end);
    // Cut from the document again: what stands between the two belongs to the quote.
    const text = near.passage.text.slice(start - near.passage.start, end - near.passage.start);
    near.quote = { ...near.quote, start, end, text };
  }
  return joined.map(({ quote }) => quote);
}

/** With nothing but a little white space between them. */
const areAdjacent = (a: Quote, b: Quote) => {
  const gap = Math.max(a.start, b.start) - Math.min(a.end, b.end);
  return gap >= 0 && gap <= 2;
};
