import { LRUCache } from 'lru-cache';
import type { Embedder } from '../embedding/embedder.ts';

/** 1.5 kB each with the default model. */
const MOST_REMEMBERED = 500;

/**
 * The vectors of what was asked lately: the same question comes again, and is embedded before it is searched for. Each
 * workspace has its own, so that none is quicker for what another has asked.
 */
export class QuestionEmbeddings {
  readonly #embedder: Embedder;
  readonly #known = new LRUCache<string, Promise<Float32Array>>({ max: MOST_REMEMBERED });

  constructor(embedder: Embedder) {
    this.#embedder = embedder;
  }

  embed(workspaceId: number, question: string): Promise<Float32Array> {
    const key = `${workspaceId} ${question}`;
    const known = this.#known.get(key);
    if (known) return known;
    const embedding = this.#embedder.embedQuestion(question);
    this.#known.set(key, embedding);
    // What failed is tried again.
    embedding.catch(() => this.#known.delete(key));
    return embedding;
  }
}
