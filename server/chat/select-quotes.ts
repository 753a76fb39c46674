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

type Candidate = Quote & { words: Set<string>; passageSimilarity: number };

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
      candidate,
      evidence: weigh(candidate) + PASSAGE_WEIGHT * candidate.passageSimilarity,
    }))
    .sort((a, b) => b.evidence - a.evidence)
    .slice(0, MOST_EMBEDDED);
  const embeddings = await embed(likely.map(({ candidate }) => candidate.text));
  const scored = likely
    .map(({ candidate, evidence }, index) => ({
      ...toQuote(candidate),
      score: evidence + cosine(questionEmbedding, embeddings[index]),
    }))
    .sort((a, b) => b.score - a.score);
  const best = scored[0]?.score ?? 0;
  return joinAdjacent(scored.slice(0, MOST_QUOTES).filter(quote => quote.score >= NEAR_BEST * best));
}

function toQuote({ documentId, chunkId, filename, start, end, text, score }: Candidate): Quote {
  return { documentId, chunkId, filename, start, end, text, score };
}

/** The sentences of the passages, trimmed, each once. */
function findCandidates(passages: RetrievedPassage[]): Candidate[] {
  const candidates = new Map<string, Candidate>();
  for (const passage of passages) {
    for (const sentence of segmentSentences(passage.text)) {
      const raw = passage.text.slice(sentence.start, sentence.end);
      const text = raw.trim();
      const words = new Set(readWords(text));
      if (words.size === 0) continue;
      const start = passage.start + sentence.start + (raw.length - raw.trimStart().length);
      candidates.set(`${passage.documentId}:${start}`, {
        documentId: passage.documentId,
        chunkId: passage.chunk.id,
        filename: passage.filename,
        start,
        end: start + text.length,
        text,
        score: 0,
        words,
        passageSimilarity: passage.similarity,
      });
    }
  }
  return [...candidates.values()];
}

/** How much of the question a sentence covers, 0 to 1; words that few of the sentences have count more. */
function weighWords(question: string, candidates: Candidate[]): (candidate: Candidate) => number {
  const idf = new Map<string, number>();
  for (const word of readContentWords(question)) {
    const frequency = candidates.filter(candidate => candidate.words.has(word)).length;
    idf.set(word, Math.log(1 + (candidates.length - frequency + 0.5) / (frequency + 0.5)));
  }
  const total = [...idf.values()].reduce((sum, weight) => sum + weight, 0) || 1;
  return ({ words }) => {
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

/** Sentences with only white space between them become one quote, in the place of the better one. */
function joinAdjacent(quotes: Quote[]): Quote[] {
  const joined: Quote[] = [];
  for (const quote of quotes) {
    const near = joined.find(other => other.chunkId === quote.chunkId && areAdjacent(other, quote));
    if (!near) {
      joined.push({ ...quote });
      continue;
    }
    const [first, second] = near.start < quote.start ? [near, quote] : [quote, near];
    near.text = `${first.text}${' '.repeat(second.start - first.end)}${second.text}`;
    near.start = first.start;
    near.end = second.end;
  }
  return joined;
}

const areAdjacent = (a: Quote, b: Quote) => {
  const gap = Math.max(a.start, b.start) - Math.min(a.end, b.end);
  return gap >= 0 && gap <= 2;
};
