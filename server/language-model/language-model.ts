export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string };

export type GenerateRequest = {
  messages: ChatMessage[];
  maxTokens: number;
  temperature?: number;
  /** Aborting closes the connection to the provider at once; `generate` then throws the signal's reason. */
  signal: AbortSignal;
};

export type TokenUsage = {
  promptTokens: number;
  /** Those of the reasoning included. */
  completionTokens: number;
  /** Undefined when the provider does not tell. */
  reasoningTokens: number | undefined;
};

export type ModelEvent =
  /** Which model writes, and where: the one that was asked, or the one that stands in for it. */
  | { type: 'begin'; model: string; host: string }
  /** What the model thinks before it answers; no part of the answer. */
  | { type: 'reasoning'; text: string }
  | { type: 'delta'; text: string }
  | {
      type: 'finish';
      reason: 'stop' | 'length' | 'content_filter';
      /** Undefined when the provider reports none. */
      usage: TokenUsage | undefined;
    };

/**
 * A model that answers in a stream: `begin` with the first sign of an answer, any number of deltas and
 * pieces of reasoning, then exactly one `finish`. Whatever goes wrong on the provider's side is thrown as
 * a LanguageModelError, after what has arrived.
 */
export interface LanguageModel {
  readonly name: string;
  generate(request: GenerateRequest): AsyncIterable<ModelEvent>;
  /** Closes every connection, also those of answers still running; abort or await these first. */
  close(): Promise<void>;
}
