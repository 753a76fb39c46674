import type { Config } from '../config.ts';
import { createLanguageModels, type LanguageModels } from '../language-model/language-models.ts';
import { withCircuitBreaker } from '../language-model/with-circuit-breaker.ts';
import { withFallback } from '../language-model/with-fallback.ts';
import type { Logger } from '../logger.ts';

/** The models at LLM_BASE_URL, else at Groq, else none: then answers are quotes. */
export async function createModels(config: Config, logger: Logger): Promise<LanguageModels | undefined> {
  const first = firstEndpoint(config);
  if (!first) return undefined;
  // A client of its own for HTTP is loaded by whoever has a model at all.
  const { createOpenAICompatibleModel } = await import(
    '../language-model/openai-compatible/openai-compatible-model.ts'
  );
  // Every model has a breaker of its own: another one of the same provider may well answer.
  const createGuardedModel = (endpoint: Endpoint) =>
    withCircuitBreaker(
      createOpenAICompatibleModel({ ...endpoint, timeouts: timeoutsOf(config), logger }),
      breakerLimits(config),
      logger,
    );
  const second = fallbackEndpoint(config);
  const fallback = second && createGuardedModel(second);
  const create = (name: string) => {
    const model = createGuardedModel({ ...first, model: name });
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

const timeoutsOf = (config: Config) => ({
  connectMs: 1000 * config.llmConnectTimeoutSeconds,
  firstTokenMs: 1000 * config.llmFirstTokenTimeoutSeconds,
  silenceMs: 1000 * config.llmSilenceTimeoutSeconds,
});

const breakerLimits = (config: Config) => ({
  failures: config.llmBreakerFailures,
  windowMs: BREAKER_WINDOW_MS,
  coolDownMs: 1000 * config.llmBreakerCooldownSeconds,
});
