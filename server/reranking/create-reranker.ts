import { availableParallelism } from 'node:os';
import type { Config } from '../config.ts';
import type { PairTokenizer } from './encode-pair.ts';
import { createOnnxReranker } from './onnx-reranker.ts';
import { createRerankEndpoint } from './rerank-endpoint.ts';
import type { Reranker } from './reranker.ts';

type Settings = Pick<
  Config,
  | 'skipModelLoading'
  | 'rerankerModelPath'
  | 'rerankerBaseUrl'
  | 'rerankerModel'
  | 'rerankerApiKey'
  | 'rerankerFormat'
>;

/** Each holds the model, and a question has few candidates. */
const MOST_WORKERS = 4;

/**
 * The configured reranker; undefined when there is none, as usual.
 *
 * @param loadTokenizer reads a model folder's tokenizer.json (embedding/word-piece-tokenizer.ts)
 * @throws StartError when its model is missing, of another kind, or doesn't load.
 */
export async function createReranker(
  settings: Settings,
  loadTokenizer: (modelFolder: string) => Promise<PairTokenizer>,
): Promise<Reranker | undefined> {
  const { rerankerBaseUrl: baseUrl, rerankerModelPath: modelFolder } = settings;
  if (baseUrl !== undefined)
    return createRerankEndpoint({
      baseUrl,
      model: settings.rerankerModel,
      apiKey: settings.rerankerApiKey,
      format: settings.rerankerFormat,
    });
  if (modelFolder === undefined || settings.skipModelLoading) return undefined;
  const workers = Math.min(availableParallelism(), MOST_WORKERS);
  return createOnnxReranker({ modelFolder, loadTokenizer, workers });
}
