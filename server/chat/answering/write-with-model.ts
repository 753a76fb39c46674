import type { TokenAccount } from '../../../contract/chat.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import { LanguageModelError } from '../../errors.ts';
import { countTokens } from '../../language-model/gpt2-tokens.ts';
import type { LanguageModel, ModelEvent } from '../../language-model/language-model.ts';
import type { LanguageModels } from '../../language-model/language-models.ts';
import type { ModelWriter } from '../../language-model/model-writer.ts';
import { AnswerCiter } from '../citing/answer-citer.ts';
import { defuseReasoning } from '../defusing/defuse-reasoning.ts';
import { NotFoundMarkerReader } from '../refusing/not-found-marker.ts';
import { withoutMarker } from '../refusing/without-marker.ts';
import { tracePrompt } from '../tracing/trace-prompt.ts';
import { questionLanguage } from '../wording/question-language.ts';
import { wordings } from '../wording/wordings.ts';
import type { AnswerMaterial, AnswerWriter } from './answer-graph.ts';
import type { GraphEvent, UsageEvent } from './answer-request.ts';
import { gatherReasoning } from './gather-reasoning.ts';

type Options = {
  models: LanguageModels;
  /** When a request chooses none. */
  temperature: () => number;
  /** Records what a workspace's calls take. */
  meter: (model: ModelWriter, workspaceId: number) => LanguageModel;
  /** Compares claims with what they cite, where their words differ. */
  embedder: Embedder;
};

/** Answers are written by the language model from the numbered sources. */
export function createModelWriter({ models, temperature, meter, embedder }: Options): AnswerWriter {
  return {
    get name() {
      return models.standard.name;
    },
    showsNearest: false,
    write(material) {
      const { workspaceId, model, temperature: chosen = temperature() } = material.request;
      const metered = meter(models.find(model) ?? models.standard, workspaceId);
      return writeWithModel(metered, material, { temperature: chosen, embedder });
    },
  };
}

type Written = { model: string; reasoning: string };
type WrittenAnswer = Written & { answer: string };
type Finish = Extract<ModelEvent, { type: 'finish' }>;

async function* writeWithModel(
  model: LanguageModel,
  { request, context, sources, signal }: AnswerMaterial,
  { temperature, embedder }: Pick<Options, 'embedder'> & { temperature: number },
): AsyncGenerator<GraphEvent> {
  const { messages, account } = context;
  const { reserved_for_response: maxTokens } = account;
  const asked = { name: model.name, host: null, temperature, max_tokens: maxTokens };
  yield { type: 'trace', trace: { language_model: asked, prompt: tracePrompt(context) } };
  const embed = (texts: string[]) => embedder.embedPassages(texts, { urgent: true });
  const citer = new AnswerCiter({ sources, question: request.question, embed });
  const written: Written = { model: model.name, reasoning: '' };
  const marker = new NotFoundMarkerReader();
  const { notFound } = wordings[questionLanguage(request.question)];
  const events = model.generate({ messages, maxTokens, temperature, signal });
  const unmarked = withoutMarker(gatherReasoning(events), marker, notFound);
  try {
    for await (const event of defuseReasoning(unmarked)) {
      switch (event.type) {
        case 'begin':
          written.model = event.model;
          yield { type: 'begin', model: event.model };
          yield {
            type: 'trace',
            trace: { language_model: { ...asked, name: event.model, host: event.host } },
          };
          break;
        case 'reasoning':
          written.reasoning += event.text;
          yield { type: 'reasoning', content: event.text };
          break;
        case 'delta':
          yield* citer.push(event.text);
          break;
        case 'finish':
          yield* endCitations(citer);
          yield* finish({ ...written, answer: citer.answer }, account, event, marker.isFound);
      }
    }
  } catch (error) {
    // What was written is kept, with its citations.
    yield* endCitations(citer);
    throw error;
  }
}

async function* endCitations(citer: AnswerCiter): AsyncGenerator<GraphEvent> {
  yield* citer.end();
  yield { type: 'trace', trace: { citations: citer.checked } };
}

function* finish(
  written: WrittenAnswer,
  account: TokenAccount,
  event: Finish,
  isNotFound: boolean,
): Generator<GraphEvent> {
  if (written.answer.trim() === '') throw nothingWritten(written, event);
  yield usageOf(written, account, event);
  yield { type: 'finish', reason: isNotFound ? 'not_found' : event.reason };
}

function usageOf(
  { model, answer, reasoning }: WrittenAnswer,
  account: TokenAccount,
  { usage }: Finish,
): UsageEvent {
  const reasoningTokens = usage ? (usage.reasoningTokens ?? null) : countTokens(reasoning);
  return {
    type: 'usage',
    model,
    prompt_tokens: usage?.promptTokens ?? account.total_used,
    completion_tokens: usage?.completionTokens ?? countTokens(answer) + (reasoningTokens ?? 0),
    reasoning_tokens: reasoningTokens,
    estimated: usage === undefined,
    budget: account,
  };
}

function nothingWritten({ reasoning }: Written, { reason }: Finish): LanguageModelError {
  const message =
    reasoning !== '' && reason === 'length'
      ? 'The language model used all its tokens for thinking and wrote no answer. Ask a narrower question, or raise RESERVED_FOR_RESPONSE.'
      : 'The language model ended without writing an answer. Ask again.';
  return new LanguageModelError('language_model_interrupted', message, { retryable: true });
}
