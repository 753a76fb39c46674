export type ChatMessage = { role: 'system' | 'user' | 'assistant'; content: string };

export type GenerateRequest = {
  messages: ChatMessage[];
  maxTokens: number;
  temperature?: number;
  /** Aborting closes the connection to the provider at once; `generate` then throws the signal's reason. */
  signal: AbortSignal;
};

/** estimated is set by the caller when the provider reports none */
export type TokenUsage = { promptTokens: number; completionTokens: number };

export type ModelEvent =
  | { type: 'delta'; text: string }
  | { type: 'finish'; reason: 'stop' | 'length' | 'content_filter'; usage: TokenUsage | undefined };

/**
 * A model that answers in a stream: any number of deltas, then exactly one finish. Whatever goes
 * wrong on the provider's side is thrown as a LanguageModelError, after the deltas that arrived.
 */
export interface LanguageModel {
  readonly name: string;
  generate(request: GenerateRequest): AsyncIterable<ModelEvent>;
  /** Closes every connection, also those of answers still running; abort or await these first. */
  close(): Promise<void>;
}
