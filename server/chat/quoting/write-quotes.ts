import type { Embedder } from '../../embedding/embedder.ts';
import { countTokens } from '../../language-model/gpt2-tokens.ts';
import type { AnswerMaterial, AnswerWriter } from '../answering/answer-graph.ts';
import type { GraphEvent } from '../answering/answer-request.ts';
import type { Evidence } from '../refusing/judge-evidence.ts';
import { foundIn, weighEvidence } from '../refusing/weigh-evidence.ts';
import { questionLanguage } from '../wording/question-language.ts';
import { type Wording, wordings } from '../wording/wordings.ts';
import { chooseQuotes, type Quote } from './choose-quotes.ts';
import { QuotedText } from './quoted-text.ts';

/** The author of answers when no language model is connected. */
export const QUOTES = 'quotes';

/** Answers are the best sentences of the documents, to the letter, each with its citation. */
export function createQuotesWriter(embedder: Embedder): AnswerWriter {
  return { name: QUOTES, showsNearest: true, write: material => writeQuotes(embedder, material) };
}

async function* writeQuotes(embedder: Embedder, material: AnswerMaterial): AsyncGenerator<GraphEvent> {
  const { request, context, sources } = material;
  const retrieval = material.retrieval.take();
  const wording = wordings[questionLanguage(request.question)];
  const { ranking, evidence } = await weighEvidence(request.question, foundIn(retrieval, material), embedder);
  yield { type: 'trace', trace: { evidence } };
  const quotes = chooseQuotes(ranking.ranked, ranking.sentences);
  const isFound = retrieval.passages.length > 0 && !['missing', 'thin'].includes(evidence.verdict);
  const answer = new QuotedText();
  yield* answer.text(introduce({ wording, quotes, isFound, evidence }, retrieval.searchedDocuments));
  yield* answer.quotes(quotes, sources);
  yield* answer.text(`*${wording.quoting}*`);
  yield {
    type: 'usage',
    model: null,
    prompt_tokens: 0,
    completion_tokens: countTokens(answer.written),
    reasoning_tokens: null,
    estimated: true,
    budget: context.account,
  };
  yield { type: 'finish', reason: isFound ? 'quoted' : 'not_found' };
}

type Introduced = { wording: Wording; quotes: Quote[]; isFound: boolean; evidence: Evidence };

/** What stands before the quotes: nothing when they answer. */
function introduce({ wording, quotes, isFound, evidence }: Introduced, searchedDocuments: number): string {
  if (searchedDocuments === 0) return `${wording.noDocuments}\n\n`;
  if (!isFound) return `${wording.notFound}${quotes.length > 0 ? ` ${wording.nearest}` : ''}\n\n`;
  return evidence.verdict === 'doubtful' ? `${wording.doubtful}\n\n` : '';
}
