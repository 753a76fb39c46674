import type { Embedder } from '../embedding/embedder.ts';
import { countTokens } from '../language-model/gpt2-tokens.ts';
import type { AnswerMaterial, AnswerWriter } from './answer-graph.ts';
import type { GraphEvent } from './answer-request.ts';
import { type Quote, selectQuotes } from './select-quotes.ts';

/** The author of answers when no language model is connected. */
const QUOTES = 'quotes';

/**
 * Below this score of the best sentence the documents do not seem to hold the answer. Chosen on squad2_dev
 * and clapnq_dev, see docs/decisions/0010-when-quotes-say-not-found.md.
 */
const THIN_EVIDENCE = 0.9;

const quoting =
  '*These are quotes from your documents. For written answers connect a language model: set `GROQ_API_KEY`, or `LLM_BASE_URL` and `LLM_MODEL`, and restart.*';
const notFound = 'The documents do not seem to contain the answer.';

/** Answers are the best sentences of the documents, to the letter, each with its citation. */
export function createQuotesWriter(embedder: Embedder): AnswerWriter {
  return { name: QUOTES, showsNearest: true, write: material => writeQuotes(embedder, material) };
}

async function* writeQuotes(
  embedder: Embedder,
  { request, retrieval, context, sources }: AnswerMaterial,
): AsyncGenerator<GraphEvent> {
  const quotes = await selectQuotes({
    question: request.question,
    questionEmbedding: retrieval.questionEmbedding,
    passages: retrieval.nearest,
    embed: sentences => embedder.embedPassages(sentences, { urgent: true }),
  });
  const found = retrieval.passages.length > 0 && (quotes[0]?.score ?? 0) >= THIN_EVIDENCE;
  let answer = '';
  for (const piece of compose(quotes, found)) {
    const text = typeof piece === 'string' ? piece : display(piece);
    const citation = typeof piece === 'string' ? undefined : cite(piece, sources, answer.length);
    const marked = citation ? `${text} [${citation.number}]` : text;
    yield { type: 'content', content: marked };
    if (citation) yield { ...citation, answer_end: answer.length + marked.length };
    answer += marked;
  }
  yield {
    type: 'usage',
    prompt_tokens: 0,
    completion_tokens: countTokens(answer),
    estimated: true,
    budget: context.account,
  };
  yield { type: 'finish', reason: found ? 'quoted' : 'not_found' };
}

/** The answer piece by piece: texts of our own, and quotes grouped by document. */
function* compose(quotes: Quote[], found: boolean): Generator<string | Quote> {
  if (!found) yield quotes.length > 0 ? `${notFound} The nearest places are:\n\n` : `${notFound}\n\n`;
  for (const [filename, ofDocument] of groupByDocument(quotes)) {
    yield `**${escapeMarkdown(filename)}**\n\n`;
    for (const quote of ofDocument) {
      yield '> ';
      yield quote;
      yield '\n\n';
    }
  }
  yield quoting;
}

/** Documents in the order of their best quote, quotes in reading order. */
function groupByDocument(quotes: Quote[]): [filename: string, quotes: Quote[]][] {
  const groups = new Map<number, Quote[]>();
  for (const quote of quotes) groups.set(quote.documentId, [...(groups.get(quote.documentId) ?? []), quote]);
  return [...groups.values()].map(group => [
    group[0]?.filename ?? '',
    group.toSorted((a, b) => a.start - b.start),
  ]);
}

/** A quote is one paragraph of the answer; the citation keeps it to the letter. */
const display = (quote: Quote) => quote.text.replace(/\s+/g, ' ');

const escapeMarkdown = (text: string) => text.replace(/([\\`*_[\]<>])/g, '\\$1');

function cite(quote: Quote, sources: AnswerMaterial['sources'], answerStart: number) {
  const source = sources.find(({ chunk_id }) => chunk_id === quote.chunkId);
  if (!source) return undefined;
  return {
    type: 'citation' as const,
    number: source.number,
    answer_start: answerStart,
    answer_end: answerStart,
    document_id: quote.documentId,
    start: quote.start,
    end: quote.end,
    quote: quote.text,
    verified: true,
  };
}
