/** The models that the settings name. */
import type { Config } from '../config.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { createOnnxEmbedder } from '../embedding/onnx-embedder.ts';
import { createOpenAICompatibleEmbedder } from '../embedding/openai-compatible-embedder.ts';
import { createSkippedEmbedder } from '../embedding/skipped-embedder.ts';
import { createLanguageModels, type LanguageModels } from '../language-model/language-models.ts';
import type { ModelWriter } from '../language-model/model-writer.ts';
import { createOpenAICompatibleModel } from '../language-model/openai-compatible/openai-compatible-model.ts';
import { withCircuitBreaker } from '../language-model/with-circuit-breaker.ts';
import { withFallback } from '../language-model/with-fallback.ts';
import type { Logger } from '../logger.ts';

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

/** The models at LLM_BASE_URL, else at Groq, else none: then answers are quotes. */
export function createModels(config: Config, logger: Logger): LanguageModels | undefined {
  const first = firstEndpoint(config);
  if (!first) return undefined;
  const second = fallbackEndpoint(config);
  const fallback = second && createGuardedModel(second, config, logger);
  const create = (name: string) => {
    const model = createGuardedModel({ ...first, model: name }, config, logger);
    return fallback ? withFallback(model, fallback, logger) : model;
  };
  // Which they are may change while the server runs; the provider does not.
  const names = () => {
    const standard = config.llmBaseUrl === undefined ? config.groqModel : (config.llmModel ?? first.model);
    return { standard, others: config.llmModels };
  };
  return createLanguageModels(names, create, fallback);
}

type Endpoint = { baseUrl: string; apiKey: string | undefined; model: string };

function firstEndpoint(config: Config): Endpoint | undefined {
  const { llmBaseUrl, llmApiKey, llmModel, groqBaseUrl, groqApiKey, groqModel } = config;
  if (llmBaseUrl !== undefined && llmModel !== undefined)
    return { baseUrl: llmBaseUrl, apiKey: llmApiKey, model: llmModel };
  if (groqApiKey === undefined) return undefined;
  return { baseUrl: groqBaseUrl, apiKey: groqApiKey, model: groqModel };
}

function fallbackEndpoint(config: Config): Endpoint | undefined {
  const { llmFallbackBaseUrl, llmFallbackApiKey, llmFallbackModel } = config;
  if (llmFallbackBaseUrl === undefined || llmFallbackModel === undefined) return undefined;
  return { baseUrl: llmFallbackBaseUrl, apiKey: llmFallbackApiKey, model: llmFallbackModel };
}

const BREAKER_WINDOW_MS = 30_000;

/** Every model has a breaker of its own: another one of the same provider may well answer. */
function createGuardedModel(endpoint: Endpoint, config: Config, logger: Logger): ModelWriter {
  const timeouts = {
    connectMs: 1000 * config.llmConnectTimeoutSeconds,
    firstTokenMs: 1000 * config.llmFirstTokenTimeoutSeconds,
    silenceMs: 1000 * config.llmSilenceTimeoutSeconds,
  };
  const limits = {
    failures: config.llmBreakerFailures,
    windowMs: BREAKER_WINDOW_MS,
    coolDownMs: 1000 * config.llmBreakerCooldownSeconds,
  };
  return withCircuitBreaker(createOpenAICompatibleModel({ ...endpoint, timeouts, logger }), limits, logger);
}
