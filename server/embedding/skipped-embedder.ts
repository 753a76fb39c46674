import { UnavailableError } from '../errors.ts';
import type { Embedder } from './embedder.ts';

/** Stands in when SKIP_MODEL_LOADING is set: everything that needs no vectors works, the rest says why not. */
export function createSkippedEmbedder(): Embedder {
  const refuse = async () => {
    throw new UnavailableError(
      'embedding_model_unavailable',
      'The embedding model is not loaded because SKIP_MODEL_LOADING is set. Unset it and restart to upload and ask.',
    );
  };
  return {
    modelName: 'none',
    state: 'skipped',
    dimensions: undefined,
    embedQuestion: refuse,
    embedPassages: refuse,
    close: async () => {},
  };
}
