import type { Embedder } from '../../server/embedding/embedder.ts';
import type { VectorCache } from './vector-cache.ts';

/** Embeds each passage once, over all runs. Questions are embedded every time: their latency is measured. */
export function withVectorCache(embedder: Embedder, cache: VectorCache): Embedder {
  return {
    modelName: embedder.modelName,
    state: embedder.state,
    get dimensions() {
      return embedder.dimensions;
    },
    embedQuestion: question => embedder.embedQuestion(question),
    async embedPassages(passages, options) {
      const known = passages.map(text => cache.find(embedder.modelName, text));
      const missing = passages.filter((_, index) => !known[index]);
      const made = missing.length > 0 ? await embedder.embedPassages(missing, options) : [];
      const entries = missing.flatMap((text, index) => {
        const vector = made[index];
        return vector ? [{ text, vector }] : [];
      });
      if (entries.length > 0) await cache.save(embedder.modelName, entries);
      const news = made.values();
      return known.map(vector => vector ?? news.next().value ?? new Float32Array());
    },
    close: () => embedder.close(),
  };
}
