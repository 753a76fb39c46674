/** What reads a question and a text together and says how well the one answers the other. */
export type Reranker = {
  readonly modelName: string;
  /** A score per text, higher is better, in their order. Rejects when the time box is over or the model fails. */
  rerank(question: string, texts: readonly string[], signal: AbortSignal): Promise<number[]>;
  close(): Promise<void>;
};
