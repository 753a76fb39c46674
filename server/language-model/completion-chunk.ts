import { z } from 'zod';
import type { TokenUsage } from './language-model.ts';
import type { Fault } from './provider-fault.ts';

const reportedUsage = z.object({
  prompt_tokens: z.int().nonnegative(),
  completion_tokens: z.int().nonnegative(),
});

const chunkSchema = z.object({
  choices: z
    .array(
      z.object({
        delta: z
          .object({
            content: z.string().nullish(),
            // DeepSeek, Qwen and vLLM say reasoning_content, Groq and OpenRouter reasoning.
            reasoning_content: z.unknown().optional(),
            reasoning: z.unknown().optional(),
          })
          .nullish(),
        finish_reason: z.string().nullish(),
      }),
    )
    .nullish(),
  // Usage is worth having, never worth failing an answer for.
  usage: reportedUsage.nullish().catch(undefined),
  x_groq: z.object({ usage: reportedUsage.nullish() }).nullish().catch(undefined),
  error: z.unknown().optional(),
});

export type CompletionChunk = {
  text: string;
  /** The model is thinking: nothing to show, but a sign of life. */
  isReasoning: boolean;
  finishReason: 'stop' | 'length' | 'content_filter' | undefined;
  usage: TokenUsage | undefined;
  fault: Fault | undefined;
};

/** Reads the data of one event, or undefined when it is no chat completion chunk. */
export function parseCompletionChunk(data: string): CompletionChunk | undefined {
  const parsed = chunkSchema.safeParse(parseJson(data));
  if (!parsed.success) return undefined;
  const { choices, usage, x_groq, error } = parsed.data;
  const choice = choices?.[0];
  const reported = usage ?? x_groq?.usage;
  return {
    text: choice?.delta?.content ?? '',
    isReasoning: Boolean(choice?.delta?.reasoning_content || choice?.delta?.reasoning),
    finishReason: finishReasonOf(choice?.finish_reason),
    usage: reported
      ? { promptTokens: reported.prompt_tokens, completionTokens: reported.completion_tokens }
      : undefined,
    fault: error ? errorObjectToFault(error) : undefined,
  };
}

/** Reasons such as tool_calls can't come of what Lectern asks for; whatever they are, the answer is over. */
function finishReasonOf(reason: string | null | undefined): CompletionChunk['finishReason'] {
  if (!reason) return undefined;
  return reason === 'length' || reason === 'content_filter' ? reason : 'stop';
}

const errorObject = z.object({
  message: z.string().catch(''),
  code: z.unknown().optional(),
  status: z.unknown().optional(),
  status_code: z.unknown().optional(),
  type: z.unknown().optional(),
});

/** An error without an HTTP status of its own: the number or the name it carries stands for one. */
const statusByName = new Map(
  Object.entries({
    invalid_api_key: 401,
    authentication_error: 401,
    permission_error: 403,
    rate_limit_exceeded: 429,
    rate_limit_error: 429,
    insufficient_quota: 429,
    invalid_request_error: 400,
    context_length_exceeded: 400,
    model_not_found: 404,
  }),
);

export function errorObjectToFault(error: unknown): Fault {
  if (typeof error === 'string') return { kind: 'status', status: 500, detail: error };
  const parsed = errorObject.safeParse(error);
  if (!parsed.success) return { kind: 'status', status: 500, detail: 'error without a description' };
  const { message, code, status, status_code, type } = parsed.data;
  for (const candidate of [status_code, status, code, type]) {
    const named = statusByName.get(String(candidate));
    const number = named ?? Number(candidate);
    if (number >= 400 && number < 600) return { kind: 'status', status: number, detail: message };
  }
  return { kind: 'status', status: 500, detail: message };
}

/** What an error body says, whichever of the usual shapes it has. */
export function errorDetail(body: string): string {
  const wrapped = z.object({ error: z.unknown().optional() }).safeParse(parseJson(body));
  const error = wrapped.data?.error;
  return error ? errorObjectToFault(error).detail || body : body;
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
