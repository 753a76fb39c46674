import type { Retrieval } from '../../retrieval/retriever.ts';
import type { AnswerMaterial, AnswerWriter } from '../answering/answer-graph.ts';
import type { GraphEvent, UsageEvent } from '../answering/answer-request.ts';
import { chooseQuotes, type Quote } from '../quoting/choose-quotes.ts';
import { QuotedText } from '../quoting/quoted-text.ts';
import type { SentenceRanking } from '../quoting/rank-sentences.ts';
import { questionLanguage } from '../wording/question-language.ts';
import { wordings } from '../wording/wordings.ts';
import type { Evidence } from './judge-evidence.ts';
import { foundIn, weighEvidence } from './weigh-evidence.ts';

/**
 * Fewer content words are a greeting, a thank-you, a wish to go on, or too little to be sure of: what to say to that,
 * the language model knows.
 */
const LEAST_TERMS = 3;

/**
 * Refuses in the place of a language model when nothing that was found can carry an answer; shows the nearest
 * places then, and when the language model itself says that the sources do not contain the answer.
 */
export function createRefusingWriter(writer: AnswerWriter): AnswerWriter {
  return {
    get name() {
      return writer.name;
    },
    showsNearest: writer.showsNearest,
    write: material => writeOrRefuse(writer, material),
  };
}

async function* writeOrRefuse(writer: AnswerWriter, material: AnswerMaterial): AsyncGenerator<GraphEvent> {
  const { request } = material;
  const { quotes, evidence, maySpeak } = await weigh(material);
  yield { type: 'trace', trace: { evidence } };
  if (maySpeak) {
    const answer = new QuotedText();
    yield* answer.text(wordings[questionLanguage(request.question)].notFound);
    yield* nearestPlaces(answer, material, quotes);
    yield { ...noTokens, budget: material.context.account };
    yield { type: 'finish', reason: 'not_found' };
    return;
  }
  yield* withNearestPlaces(writer.write(material), material, quotes);
}

/** The quotes are chosen before they are wanted: what they are chosen from is large, and an answer may run for minutes. */
async function weigh(material: AnswerMaterial) {
  const retrieval = material.retrieval.take();
  const found = foundIn(retrieval, material);
  const { ranking, evidence } = await weighEvidence(material.request.question, found, undefined);
  const quotes = chooseQuotes(ranking.ranked, ranking.sentences);
  return { quotes, evidence, maySpeak: maySpeakFor(retrieval, ranking, evidence) };
}

const noTokens: Omit<UsageEvent, 'budget'> = {
  type: 'usage',
  model: null,
  prompt_tokens: 0,
  completion_tokens: 0,
  reasoning_tokens: 0,
  estimated: false,
};

/**
 * A follow-up may be about the conversation itself, which the language model knows and the documents do not; and
 * where no document is searched, nobody asks about documents.
 */
function maySpeakFor(retrieval: Retrieval, { terms }: SentenceRanking, evidence: Evidence): boolean {
  const isFollowUp = retrieval.query.texts.length > 1;
  const isMissing = retrieval.searchedDocuments > 0 && evidence.verdict === 'missing';
  return isMissing && terms.size >= LEAST_TERMS && !isFollowUp;
}

type Nearest = Pick<AnswerMaterial, 'request' | 'sources'>;

/** What the writer writes; nearest places before its last two events when it found no answer. */
async function* withNearestPlaces(
  events: AsyncIterable<GraphEvent>,
  material: Nearest,
  quotes: Quote[],
): AsyncGenerator<GraphEvent> {
  let length = 0;
  let usage: UsageEvent | undefined;
  for await (const event of events) {
    if (event.type === 'content') length += event.content.length;
    if (event.type === 'usage') {
      usage = event;
      continue;
    }
    if (event.type === 'finish') {
      if (event.reason === 'not_found') yield* nearestPlaces(new QuotedText(length), material, quotes);
      if (usage) yield usage;
    }
    yield event;
  }
}

function* nearestPlaces(
  answer: QuotedText,
  { request, sources }: Nearest,
  quotes: Quote[],
): Generator<GraphEvent> {
  if (quotes.length === 0) return;
  yield* answer.text(`\n\n${wordings[questionLanguage(request.question)].nearest}\n\n`);
  yield* answer.quotes(quotes, sources);
}
