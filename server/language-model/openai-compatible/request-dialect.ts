import type { GenerateRequest } from '../language-model.ts';
import type { Fault } from './provider-fault.ts';

/** What servers that call themselves OpenAI-compatible differ in. */
export type RequestDialect = {
  /** OpenAI's reasoning models refuse the older name, older servers do not know the newer one. */
  tokenLimit: 'max_tokens' | 'max_completion_tokens';
  /** Asks for the usage in a stream. */
  streamOptions: boolean;
  /** OpenAI's reasoning models allow none but their own. */
  temperature: boolean;
};

/** What most servers speak. */
export const usualDialect: RequestDialect = {
  tokenLimit: 'max_tokens',
  streamOptions: true,
  temperature: true,
};

export function requestBody(
  model: string,
  request: GenerateRequest,
  dialect: RequestDialect,
): Record<string, unknown> {
  const { messages, maxTokens, temperature } = request;
  return {
    model,
    messages,
    [dialect.tokenLimit]: maxTokens,
    ...(temperature !== undefined && dialect.temperature && { temperature }),
    stream: true,
    ...(dialect.streamOptions && { stream_options: { include_usage: true } }),
  };
}

/**
 * The dialect to try next when a refusal names something of this one, else undefined. Each step gives up one
 * thing for good, so that there are at most three.
 */
export function adaptDialect(dialect: RequestDialect, fault: Fault): RequestDialect | undefined {
  if (fault.kind !== 'status' || (fault.status !== 400 && fault.status !== 422)) return undefined;
  const { detail } = fault;
  // A limit that is too high is refused in words that name the field too: only a field that is not taken counts.
  const isUnsupported = /unsupported|not support|unrecognized|unknown|not permitted|extra_forbidden/i.test(
    detail,
  );
  if (!isUnsupported) return undefined;
  if (dialect.streamOptions && /stream_options|include_usage/.test(detail))
    return { ...dialect, streamOptions: false };
  if (dialect.tokenLimit === 'max_tokens' && /\bmax_tokens\b/.test(detail))
    return { ...dialect, tokenLimit: 'max_completion_tokens' };
  if (dialect.temperature && /\btemperature\b/.test(detail)) return { ...dialect, temperature: false };
  return undefined;
}
