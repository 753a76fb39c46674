import type { Config } from '../config.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { createOnnxEmbedder } from '../embedding/onnx-embedder.ts';
import { createOpenAICompatibleEmbedder } from '../embedding/openai-compatible-embedder.ts';
import { createSkippedEmbedder } from '../embedding/skipped-embedder.ts';

/**
 * The embedding model that the settings name.
 *
 * @param onStart called when this thread has nothing more to do until the model is loaded
 */
export async function createEmbedder(config: Config, onStart = () => {}): Promise<Embedder> {
  if (config.skipModelLoading) {
    onStart();
    return createSkippedEmbedder();
  }
  if (config.embeddingBaseUrl !== undefined) {
    onStart();
    return createOpenAICompatibleEmbedder({
      baseUrl: config.embeddingBaseUrl,
      model: config.embeddingModel ?? '',
      apiKey: config.embeddingApiKey,
      dimensions: config.embeddingDimensions,
    });
  }
  const { embeddingModelPath: modelFolder, embeddingWorkers: workers } = config;
  return createOnnxEmbedder({ modelFolder, workers, onStart });
}
