/** What turns texts into vectors. Every vector has unit length, so that a dot product is the cosine. */
export interface Embedder {
  /** Stored with every vector: vectors of different models are never compared. */
  readonly modelName: string;
  readonly state: 'loaded' | 'skipped';
  /** Numbers per vector; undefined until an endpoint has answered for the first time. */
  readonly dimensions: number | undefined;
  /** One question, ahead of any passages that wait. */
  embedQuestion(question: string): Promise<Float32Array>;
  /** The vectors in the order of the texts, behind all questions; `urgent` ones wait for no ingestion either. */
  embedPassages(passages: string[], options?: { urgent: boolean }): Promise<Float32Array[]>;
  close(): Promise<void>;
}
