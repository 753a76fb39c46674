import { type Config, configSchema, variableOf } from '../config-schema.ts';

/*
 * The settings that may change while the server runs. A field belongs here when everything that depends on it asks
 * for it anew each time; all others are read at the start, and need a restart.
 */

/** What else has to be there, before a setting says anything. */
type Need = 'language_model' | 'reranker';
type Change = { needs?: Need };

const ofModel: Change = { needs: 'language_model' };
const ofReranker: Change = { needs: 'reranker' };

const changeable: Partial<Record<keyof Config, Change>> = {
  groqModel: ofModel,
  llmModel: ofModel,
  llmModels: ofModel,
  llmTemperature: ofModel,
  llmPrices: ofModel,
  llmPriceCurrency: ofModel,
  dailyTokenBudget: ofModel,
  maxContextTokens: {},
  systemPromptTokens: {},
  documentContextTokens: {},
  currentMessageTokens: {},
  reservedForResponse: {},
  safetyBuffer: {},
  topK: {},
  minSimilarity: {},
  queryCacheSeconds: {},
  questionRewriting: ofModel,
  reranking: ofReranker,
  rerankerCandidates: ofReranker,
  rerankerTimeoutMs: ofReranker,
  sessionTitles: ofModel,
  maxTextBytes: {},
  maxUploadBytes: {},
  maxStoredBytes: {},
  uploadWaitSeconds: {},
  rateLimitRequests: {},
  rateLimitUploads: {},
  rateLimitAnswers: {},
  rateLimitTokens: {},
  overloadRequests: {},
  overloadWaitSeconds: {},
  drainSeconds: {},
};

export type SettingField = keyof Config;

export const settingFields = Object.keys(configSchema.shape) as SettingField[];

const fields = new Map(settingFields.map(field => [variableOf(field), field]));

/** Of the name of an environment variable. */
export const fieldOf = (name: string): SettingField | undefined => fields.get(name);

export type Fixed = 'needs_restart' | 'no_language_model' | 'no_reranker';

/** Why the field can't change while the server runs; undefined when it can. */
export function whyFixed(config: Config, field: SettingField): Fixed | undefined {
  const change = changeable[field];
  if (!change) return 'needs_restart';
  const { llmBaseUrl, groqApiKey, rerankerBaseUrl, rerankerModelPath } = config;
  if (change.needs === 'language_model' && llmBaseUrl === undefined && groqApiKey === undefined)
    return 'no_language_model';
  if (change.needs === 'reranker' && rerankerBaseUrl === undefined && rerankerModelPath === undefined)
    return 'no_reranker';
  // Of the provider that is not asked.
  if (field === 'groqModel' && llmBaseUrl !== undefined) return 'no_language_model';
  if (field === 'llmModel' && llmBaseUrl === undefined) return 'no_language_model';
  return undefined;
}
