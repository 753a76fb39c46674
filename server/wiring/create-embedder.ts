import type { Config } from '../config.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { createOnnxEmbedder } from '../embedding/onnx-embedder.ts';
import { createOpenAICompatibleEmbedder } from '../embedding/openai-compatible-embedder.ts';
import { createSkippedEmbedder } from '../embedding/skipped-embedder.ts';

/** The embedding model that the settings name. */
export async function createEmbedder(config: Config): Promise<Embedder> {
  if (config.skipModelLoading) return createSkippedEmbedder();
  if (config.embeddingBaseUrl !== undefined)
    return createOpenAICompatibleEmbedder({
      baseUrl: config.embeddingBaseUrl,
      model: config.embeddingModel ?? '',
      apiKey: config.embeddingApiKey,
      dimensions: config.embeddingDimensions,
    });
  return createOnnxEmbedder({ modelFolder: config.embeddingModelPath, workers: config.embeddingWorkers });
}
