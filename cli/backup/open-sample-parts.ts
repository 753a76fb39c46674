import type { SampleParts } from '../../server/backup/ask-samples.ts';
import type { Config } from '../../server/config.ts';
import { createQuietLogger } from '../quiet-logger.ts';

/** What asks a backup's sample questions: the embedding model of the settings, if there is one. */
export async function openSampleParts(
  config: Config,
): Promise<{ parts: SampleParts; close(): Promise<void> } | undefined> {
  if (config.skipModelLoading) return undefined;
  const { createEmbedder } = await import('../../server/wiring/create-embedder.ts');
  const { loadWordPieceTokenizer } = await import('../../server/embedding/word-piece-tokenizer.ts');
  const embedder = await createEmbedder(config);
  const tokenizer = loadWordPieceTokenizer(config.embeddingModelPath);
  return {
    parts: {
      embedder,
      loadPieces: async () => (await tokenizer).ids,
      minSimilarity: config.minSimilarity,
      logger: await createQuietLogger(config),
    },
    close: () => embedder.close(),
  };
}
