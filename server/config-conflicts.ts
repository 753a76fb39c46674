import { type Config, variableOf } from './config-schema.ts';
import { isLoopback } from './config-values.ts';

type Conflict = {
  /** The settings it depends on; when one of them is wrong in itself, there is nothing more to say. */
  between: (keyof Config)[];
  /** What is wrong, or nothing. */
  find: (config: Config) => string | Found | undefined;
};

/** What can come of a change while the server runs has a code, and what its sentence names. */
type Found = {
  message: string;
  code?: 'required_with' | 'context_too_small';
  params?: Record<string, string>;
};

const minSecretLength = 32;

/** Pieces of keys that stand in tutorials, templates and other people's repositories. */
const exampleSecret =
  /change-?_?\s?me|secret|example|insecure|placeholder|replace|default|password|lectern|your-|your_|test-key|12345678|abcdefgh/i;

const aModel = 'the name of a model';

const conflicts: Conflict[] = [
  {
    between: ['host', 'secretKey'],
    find: ({ host, secretKey }) => {
      if (secretKey === undefined || isLoopback(host)) return undefined;
      const weakness = weaknessOf(secretKey);
      if (weakness === undefined) return undefined;
      return `SECRET_KEY: the one given ${weakness}, and other machines can reach HOST ${host}; expected at least ${minSecretLength} random characters (\`openssl rand -base64 48\` makes some), or none: then Lectern makes one`;
    },
  },
  {
    between: ['role', 'databaseUrl'],
    find: ({ role, databaseUrl }) =>
      role === 'all' || databaseUrl !== undefined
        ? undefined
        : `LECTERN_ROLE: ${role} was given; expected all, because without DATABASE_URL one process has the embedded database for itself`,
  },
  required('tlsCert', 'tlsKey', 'the path of a file'),
  required('tlsKey', 'tlsCert', 'the path of a file'),
  required('oidcIssuer', 'oidcClientId', 'the client id that the provider gave'),
  needsAddress('oidcClientId', 'oidcIssuer'),
  needsAddress('oidcClientSecret', 'oidcIssuer'),
  {
    between: ['oidcAllowedDomains', 'oidcIssuer'],
    find: ({ oidcAllowedDomains, oidcIssuer }) =>
      oidcAllowedDomains.length === 0 || oidcIssuer !== undefined
        ? undefined
        : 'OIDC_ALLOWED_DOMAINS: given without OIDC_ISSUER; expected both or neither',
  },
  required('llmBaseUrl', 'llmModel', aModel),
  required('llmModel', 'llmBaseUrl', aModel),
  required('llmFallbackBaseUrl', 'llmFallbackModel', aModel),
  required('llmFallbackModel', 'llmFallbackBaseUrl', aModel),
  needsAddress('llmFallbackApiKey', 'llmFallbackBaseUrl'),
  {
    between: ['llmFallbackBaseUrl', 'llmBaseUrl', 'groqApiKey'],
    find: ({ llmFallbackBaseUrl, llmBaseUrl, groqApiKey }) =>
      llmFallbackBaseUrl === undefined || llmBaseUrl !== undefined || groqApiKey !== undefined
        ? undefined
        : 'LLM_FALLBACK_BASE_URL: given, but neither GROQ_API_KEY nor LLM_BASE_URL connects a language model that it could stand in for',
  },
  {
    between: ['llmModels', 'llmBaseUrl', 'groqApiKey'],
    find: ({ llmModels, llmBaseUrl, groqApiKey }) =>
      llmModels.length === 0 || llmBaseUrl !== undefined || groqApiKey !== undefined
        ? undefined
        : 'LLM_MODELS: given, but neither GROQ_API_KEY nor LLM_BASE_URL connects a provider that has them',
  },
  required('embeddingBaseUrl', 'embeddingModel', aModel),
  {
    between: ['rerankerModelPath', 'rerankerBaseUrl'],
    find: ({ rerankerModelPath, rerankerBaseUrl }) =>
      rerankerModelPath === undefined || rerankerBaseUrl === undefined
        ? undefined
        : 'RERANKER_MODEL_PATH: given together with RERANKER_BASE_URL; expected one of the two, because only one reranker sorts',
  },
  {
    between: ['rerankerBaseUrl', 'rerankerModel', 'rerankerFormat'],
    find: ({ rerankerBaseUrl, rerankerModel, rerankerFormat }) =>
      rerankerBaseUrl === undefined || rerankerModel !== undefined || rerankerFormat === 'tei'
        ? undefined
        : 'RERANKER_MODEL: not given; expected the name of a model, because RERANKER_BASE_URL is set (only RERANKER_FORMAT=tei needs none)',
  },
  needsAddress('rerankerModel', 'rerankerBaseUrl'),
  needsAddress('rerankerApiKey', 'rerankerBaseUrl'),
  {
    between: ['questionRewriting', 'llmBaseUrl', 'groqApiKey'],
    find: ({ questionRewriting, llmBaseUrl, groqApiKey }) =>
      questionRewriting === 'off' || llmBaseUrl !== undefined || groqApiKey !== undefined
        ? undefined
        : 'QUESTION_REWRITING: model was given; expected off, because neither GROQ_API_KEY nor LLM_BASE_URL connects a language model',
  },
  {
    between: ['chunkOverlap', 'chunkSize'],
    find: ({ chunkOverlap, chunkSize }) =>
      chunkOverlap < chunkSize
        ? undefined
        : `CHUNK_OVERLAP: ${chunkOverlap} was given; expected less than CHUNK_SIZE (${chunkSize})`,
  },
  {
    between: [
      'maxContextTokens',
      'systemPromptTokens',
      'documentContextTokens',
      'currentMessageTokens',
      'reservedForResponse',
      'safetyBuffer',
    ],
    find: config => {
      const { systemPromptTokens, documentContextTokens, currentMessageTokens } = config;
      const parts = [systemPromptTokens, documentContextTokens, currentMessageTokens];
      const sum = [...parts, config.reservedForResponse, config.safetyBuffer].reduce((a, b) => a + b);
      if (sum < config.maxContextTokens) return undefined;
      return {
        message: `MAX_CONTEXT_TOKENS: ${config.maxContextTokens} in effect; expected more than ${sum}, the sum of SYSTEM_PROMPT_TOKENS, DOCUMENT_CONTEXT_TOKENS, CURRENT_MESSAGE_TOKENS, RESERVED_FOR_RESPONSE and SAFETY_BUFFER`,
        code: 'context_too_small',
        params: { given: String(config.maxContextTokens), sum: String(sum) },
      };
    },
  },
];

/** What is wrong between settings that are each fine, leaving out those that depend on a `wrong` one. */
export function findConflicts(config: Config, wrong: ReadonlySet<string>): Found[] {
  return conflicts
    .filter(conflict => !conflict.between.some(field => wrong.has(field)))
    .map(conflict => conflict.find(config))
    .filter(problem => problem !== undefined)
    .map(problem => (typeof problem === 'string' ? { message: problem } : problem));
}

function required(when: keyof Config, then: keyof Config, expected: string): Conflict {
  return {
    between: [when, then],
    find: config =>
      config[when] === undefined || config[then] !== undefined
        ? undefined
        : {
            message: `${variableOf(then)}: not given; expected ${expected}, because ${variableOf(when)} is set`,
            code: 'required_with',
            params: { because: variableOf(when) },
          },
  };
}

/** What belongs to an endpoint says nothing without one, and is most likely meant for it. */
function needsAddress(field: keyof Config, address: keyof Config): Conflict {
  return {
    between: [field, address],
    find: config =>
      config[field] === undefined || config[address] !== undefined
        ? undefined
        : `${variableOf(field)}: given without ${variableOf(address)}; expected both or neither`,
  };
}

/** What is wrong with a key, as the end of a sentence about it; undefined when nothing is. */
export function weaknessOf(secretKey: string): string | undefined {
  if (secretKey.length < minSecretLength) return `is shorter than ${minSecretLength} characters`;
  if (exampleSecret.test(secretKey)) return 'looks like a well-known example';
  if (new Set(secretKey).size < 5) return 'repeats the same few characters';
  return undefined;
}
