import type { TokenUsage } from '../language-model.ts';
import { errorObjectToFault } from './error-object.ts';
import { asCount, type Fields, isFields, parseJson } from './json-fields.ts';
import type { Fault } from './provider-fault.ts';

export type CompletionChunk = {
  text: string;
  /** What the model thinks, where the server tells it apart from the answer. */
  reasoning: string;
  finishReason: 'stop' | 'length' | 'content_filter' | undefined;
  usage: TokenUsage | undefined;
  fault: Fault | undefined;
};

/**
 * Reads the data of one event, or undefined when it is no chat completion chunk. Narrowed by hand, because it runs
 * for every token of every answer: of its microsecond nearly all is JSON.parse.
 */
export function parseCompletionChunk(data: string): CompletionChunk | undefined {
  const fields = parseJson(data);
  if (!isFields(fields)) return undefined;
  const choice = firstChoice(fields.choices);
  if (choice === undefined) return undefined;
  const delta = choice?.delta ?? undefined;
  if (delta !== undefined && !isFields(delta)) return undefined;
  const content = delta?.content ?? '';
  const finishReason = choice?.finish_reason ?? undefined;
  if (typeof content !== 'string') return undefined;
  if (finishReason !== undefined && typeof finishReason !== 'string') return undefined;
  return {
    text: content,
    // DeepSeek, Qwen and vLLM say reasoning_content, Groq and OpenRouter reasoning; some send both.
    reasoning: asText(delta?.reasoning_content) || asText(delta?.reasoning),
    finishReason: finishReasonOf(finishReason),
    usage: usageOf(fields.usage) ?? (isFields(fields.x_groq) ? usageOf(fields.x_groq.usage) : undefined),
    fault: fields.error ? errorObjectToFault(fields.error) : undefined,
  };
}

/** Null when there is none, which is fine; undefined when what stands there is no list of choices. */
function firstChoice(choices: unknown): Fields | null | undefined {
  if (choices === undefined || choices === null) return null;
  if (!Array.isArray(choices)) return undefined;
  const first: unknown = choices[0];
  if (first === undefined) return null;
  return isFields(first) ? first : undefined;
}

const asText = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Usage is worth having, never worth failing an answer for. */
function usageOf(usage: unknown): TokenUsage | undefined {
  if (!isFields(usage)) return undefined;
  const promptTokens = asCount(usage.prompt_tokens);
  const completionTokens = asCount(usage.completion_tokens);
  if (promptTokens === undefined || completionTokens === undefined) return undefined;
  const details = usage.completion_tokens_details;
  const reasoningTokens = isFields(details) ? asCount(details.reasoning_tokens) : undefined;
  return { promptTokens, completionTokens, reasoningTokens };
}

/** Reasons such as tool_calls can't come of what Lectern asks for; whatever they are, the answer is over. */
function finishReasonOf(reason: string | undefined): CompletionChunk['finishReason'] {
  if (!reason) return undefined;
  return reason === 'length' || reason === 'content_filter' ? reason : 'stop';
}
