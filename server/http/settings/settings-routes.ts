import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { type Settings, settings } from '../../../contract/settings.ts';
import type { Prices } from '../../chat/accounting/prices.ts';
import { mostQuestionTokens, type TokenBudget } from '../../chat/context/build-context.ts';
import type { Embedder } from '../../embedding/embedder.ts';
import type { LanguageModels } from '../../language-model/language-models.ts';
import { version } from '../../version.ts';

/** What is set, of which clients may know. */
type KnownSettings = TokenBudget & {
  llmTemperature: number;
  questionRewriting: 'off' | 'model';
  sessionTitles: 'question' | 'model';
  dailyTokenBudget?: number | undefined;
  topK: number;
  minSimilarity: number;
  chunkSize: number;
  chunkOverlap: number;
  maxTextBytes: number;
  maxUploadBytes: number;
  maxStoredBytes?: number | undefined;
};

type Parts = {
  config: KnownSettings;
  /** Undefined when answers are quoted. */
  models: LanguageModels | undefined;
  prices: Prices;
  embedder: Embedder;
  /** The name of the model of the one in use. */
  reranker: () => string | undefined;
};

export function settingsRoutes(parts: Parts): FastifyPluginAsyncZod {
  return async app => {
    app.get(
      '/api/settings/',
      {
        config: { permission: 'read' },
        schema: {
          tags: ['operations'],
          summary: 'What a client can know before it asks: who writes, what may be chosen, how much fits',
          response: { 200: settings },
        },
      },
      async () => toSettings(parts),
    );
  };
}

/** Field by field, so that no secret gets out by being added somewhere. */
function toSettings({ config, models, prices, embedder, reranker }: Parts): Settings {
  return {
    version,
    answers: models ? 'written' : 'quoted',
    language_model: models ? toLanguageModel(config, models, prices) : null,
    daily_token_budget: config.dailyTokenBudget ?? null,
    token_budget: {
      max_context_tokens: config.maxContextTokens,
      system_prompt_tokens: config.systemPromptTokens,
      document_context_tokens: config.documentContextTokens,
      current_message_tokens: config.currentMessageTokens,
      reserved_for_response: config.reservedForResponse,
      safety_buffer: config.safetyBuffer,
      most_message_tokens: mostQuestionTokens(config),
    },
    embedding_model: {
      name: embedder.modelName,
      dimensions: embedder.dimensions ?? null,
      state: embedder.state,
    },
    reranker: reranker() ?? null,
    retrieval: {
      top_k: config.topK,
      min_similarity: config.minSimilarity,
      chunk_size: config.chunkSize,
      chunk_overlap: config.chunkOverlap,
    },
    limits: {
      max_text_bytes: config.maxTextBytes,
      max_upload_bytes: config.maxUploadBytes,
      max_stored_bytes: config.maxStoredBytes ?? null,
    },
  };
}

function toLanguageModel(
  config: KnownSettings,
  models: LanguageModels,
  prices: Prices,
): Settings['language_model'] {
  const { currency } = prices;
  return {
    standard: models.standard.name,
    models: models.names.map(name => {
      const price = prices.models.get(name);
      return { name, price: price ? { ...price, currency } : null };
    }),
    fallback: models.fallback ?? null,
    temperature: config.llmTemperature,
    temperatures: { min: 0, max: 2 },
    max_answer_tokens: config.reservedForResponse,
    rewrites_follow_up_questions: config.questionRewriting === 'model',
    writes_titles: config.sessionTitles === 'model',
  };
}
