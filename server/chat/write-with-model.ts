import { LanguageModelError } from '../errors.ts';
import { countTokens } from '../language-model/gpt2-tokens.ts';
import type { LanguageModel } from '../language-model/language-model.ts';
import type { AnswerMaterial, AnswerWriter } from './answer-graph.ts';
import type { GraphEvent } from './answer-request.ts';

/** Answers are written by the language model from the numbered sources. */
export function createModelWriter(model: LanguageModel): AnswerWriter {
  return { name: model.name, showsNearest: false, write: material => writeWithModel(model, material) };
}

async function* writeWithModel(
  model: LanguageModel,
  { context, signal }: AnswerMaterial,
): AsyncGenerator<GraphEvent> {
  const { messages, account } = context;
  let answer = '';
  for await (const event of model.generate({ messages, maxTokens: account.reserved_for_response, signal })) {
    if (event.type === 'delta') {
      answer += event.text;
      yield { type: 'content', content: event.text };
      continue;
    }
    if (answer.trim() === '')
      throw new LanguageModelError(
        'language_model_interrupted',
        'The language model ended without writing an answer. Ask again.',
        { retryable: true },
      );
    yield {
      type: 'usage',
      prompt_tokens: event.usage?.promptTokens ?? account.total_used,
      completion_tokens: event.usage?.completionTokens ?? countTokens(answer),
      estimated: event.usage === undefined,
      budget: account,
    };
    yield { type: 'finish', reason: event.reason };
  }
}
