import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { accounts } from './config/account-settings.ts';
import { backups, observing, tls } from './config/operation-settings.ts';
import { protection } from './config/protection-settings.ts';
import { reranking } from './config/reranking-settings.ts';
import * as value from './config-values.ts';

/*
 * Every setting of Lectern, grouped as docs/configuration.md shows them. A field's variable is its name
 * in upper case (`groqApiKey` is GROQ_API_KEY); `variableOf` knows the exceptions.
 */

const reaching = {
  host: value
    .listenAddress()
    .default('127.0.0.1')
    .describe('The address to listen on. `0.0.0.0` or `::` for all; see SECRET_KEY and ALLOWED_HOSTS then.'),
  port: value
    .wholeNumber({ min: 0, max: 65_535 })
    .default(8001)
    .describe('The port to listen on. 0 takes any free one and prints it.'),
  allowedHosts: value.hostList().default([]).meta({
    shownDefault: 'loopback names and HOST',
    description: 'The names under which browsers and clients may address the server; others get 421.',
  }),
  secretKey: value
    .secretText('at least 32 characters that are no known example, when HOST is not a loopback address')
    .optional()
    .meta({
      shownDefault: 'made on first start',
      description:
        'Signs sessions and tokens. When not set, a random one is kept in `secret-key` of the data folder. A short or well-known one is refused when other machines can reach HOST.',
    }),
};

const data = {
  dataDir: value
    .folder()
    .prefault('./data')
    .describe('The folder of the embedded database, the secret key and the lock; made when it is missing.'),
  databaseUrl: value.databaseUrl().optional().meta({
    shownDefault: 'embedded PostgreSQL',
    description:
      'A native PostgreSQL (15 or later, with pgvector 0.8 or later) to use instead of the embedded one.',
  }),
  databaseTimeoutSeconds: value
    .decimal({ min: 0.001, max: 3600, unit: 'seconds' })
    .default(30)
    .describe(
      'How long one statement of a request to a native PostgreSQL may take; then the request gets 503.',
    ),
};

const seconds = { min: 0.001, max: 3600, unit: 'seconds' };

const languageModel = {
  groqApiKey: value
    .apiKey()
    .optional()
    .describe('Answers are written by Groq. With neither this nor LLM_BASE_URL, answers are quotes.'),
  groqBaseUrl: value
    .baseUrl()
    .default('https://api.groq.com/openai/v1')
    .describe('Where Groq is reached, for example through a gateway.'),
  groqModel: value
    .text('the name of a model')
    .default('llama-3.3-70b-versatile')
    .describe('The model at Groq.'),
  llmBaseUrl: value
    .baseUrl()
    .optional()
    .describe(
      'Answers are written by the OpenAI-compatible server at this address (Ollama, vLLM, llama.cpp, OpenAI …), for example `http://localhost:11434/v1`. Wins over GROQ_API_KEY when both are set.',
    ),
  llmApiKey: value.apiKey().optional().describe('The key for LLM_BASE_URL, when it wants one.'),
  llmModel: value
    .text('the name of a model')
    .optional()
    .describe('The model at LLM_BASE_URL; required together with it.'),
  llmConnectTimeoutSeconds: value
    .decimal(seconds)
    .default(10)
    .describe('How long connecting to the language model may take. These three hold for Groq too.'),
  llmFirstTokenTimeoutSeconds: value
    .decimal(seconds)
    .default(30)
    .describe('How long the language model may take to begin its answer.'),
  llmSilenceTimeoutSeconds: value
    .decimal(seconds)
    .default(20)
    .describe('How long the language model may pause within an answer.'),
  llmModels: value.nameList().default([]).meta({
    shownDefault: 'none',
    description: 'Further models of the same provider that a request may choose as `model`.',
  }),
  llmTemperature: value
    .decimal({ min: 0, max: 2 })
    .default(0.2)
    .describe(
      'How freely answers are written when a request does not say: low, because they are to say what the sources say; not 0, at which small models repeat themselves.',
    ),
  llmPrices: value
    .priceList()
    .default(() => new Map())
    .meta({
      shownDefault: 'none',
      description: 'What models cost, for the costs that usage shows.',
    }),
  llmPriceCurrency: value.currency().default('USD').describe('Of LLM_PRICES.'),
  dailyTokenBudget: value.wholeNumber({ min: 1, max: 1_000_000_000_000, unit: 'tokens' }).optional().meta({
    shownDefault: 'no limit',
    description:
      'How many tokens, of prompts and answers together, the language models may take each day (UTC). Then questions get 429 until midnight.',
  }),
  llmFallbackBaseUrl: value
    .baseUrl()
    .optional()
    .describe(
      'An OpenAI-compatible server that is asked when the language model fails before its first token.',
    ),
  llmFallbackApiKey: value.apiKey().optional().describe('The key for LLM_FALLBACK_BASE_URL.'),
  llmFallbackModel: value
    .text('the name of a model')
    .optional()
    .describe('The model at LLM_FALLBACK_BASE_URL; required together with it.'),
  llmBreakerFailures: value
    .wholeNumber({ min: 0, max: 1000, unit: 'failures' })
    .default(5)
    .describe(
      'So many failures in a row within 30 seconds, and the language model is not asked for a while: questions get the error, or the fallback, at once. 0 turns this off.',
    ),
  llmBreakerCooldownSeconds: value
    .decimal(seconds)
    .default(15)
    .describe('How long the language model is left alone then, before one question may try it again.'),
};

const embedding = {
  skipModelLoading: value
    .flag()
    .default(false)
    .describe('Start without an embedding model: whatever needs one answers 503 with the reason.'),
  embeddingModelPath: value
    .folder()
    .default(() => resolve(import.meta.dirname, '../models/all-MiniLM-L6-v2'))
    .meta({
      shownDefault: 'models/all-MiniLM-L6-v2',
      description:
        'The folder of a sentence-transformers model in ONNX form. The default comes with Lectern.',
    }),
  embeddingWorkers: value
    .wholeNumber({ min: 1, max: 64, unit: 'threads' })
    .default(() => Math.min(availableParallelism(), 8))
    .meta({
      shownDefault: 'the number of cores, at most 8',
      description:
        'How many texts are embedded at once. Each thread holds the model (about 170 MB for the default).',
    }),
  embeddingBaseUrl: value
    .baseUrl()
    .optional()
    .describe('Embed with the OpenAI-compatible server at this address instead of the model in the folder.'),
  embeddingModel: value
    .text('the name of a model')
    .optional()
    .describe('The model at EMBEDDING_BASE_URL; required together with it.'),
  embeddingApiKey: value.apiKey().optional().describe('The key for EMBEDDING_BASE_URL, when it wants one.'),
  embeddingDimensions: value.wholeNumber({ min: 1, max: 16_000, unit: 'dimensions' }).optional().meta({
    shownDefault: 'asked of the model',
    description: 'The length of the vectors that EMBEDDING_BASE_URL returns.',
  }),
};

const sessions = {
  sessionTitles: value
    .oneOf(['question', 'model'])
    .default('model')
    .describe(
      'Where the title of a session comes from: `question` takes the beginning of its first question; `model` has the language model write one after the first answer, if there is a model, with one short request more. A title that the user gave stays.',
    ),
};

const tokens = { min: 0, max: 10_000_000, unit: 'tokens' };

const tokenBudget = {
  maxContextTokens: value
    .wholeNumber({ ...tokens, min: 1 })
    .default(128_000)
    .describe(
      "The language model's context window. The five parts below must leave room in it for the history.",
    ),
  systemPromptTokens: value
    .wholeNumber(tokens)
    .default(500)
    .describe('Kept for the instructions to the model.'),
  documentContextTokens: value.wholeNumber(tokens).default(5120).describe('Kept for what the documents say.'),
  currentMessageTokens: value.wholeNumber(tokens).default(500).describe('Kept for the question.'),
  reservedForResponse: value.wholeNumber(tokens).default(8000).describe('Kept for the answer.'),
  safetyBuffer: value
    .wholeNumber(tokens)
    .default(2000)
    .describe("Left free, because tokens are counted as GPT-2 counts them and the model's own may differ."),
};

const retrieval = {
  chunkSize: value
    .wholeNumber({ min: 1, max: 100_000, unit: 'tokens' })
    .default(512)
    .describe('The size of a chunk. Holds for documents that are ingested from now on.'),
  chunkOverlap: value
    .wholeNumber({ min: 0, max: 100_000, unit: 'tokens' })
    .default(50)
    .describe('What neighbouring chunks share; less than CHUNK_SIZE.'),
  topK: value
    .wholeNumber({ min: 1, max: 100, unit: 'passages' })
    .default(5)
    .describe('How many are used as evidence.'),
  minSimilarity: value
    .decimal({ min: 0, max: 1 })
    .default(0.2)
    .describe('The cosine similarity to the question below which a passage is not used as evidence.'),
  queryCacheSeconds: value
    .wholeNumber({ min: 0, max: 86_400, unit: 'seconds' })
    .default(300)
    .describe(
      'How long what was found for a question is kept; any change of a document ends it. 0 turns it off.',
    ),
  vectorMemoryMb: value
    .wholeNumber({ min: 0, max: 1_000_000, unit: 'MB' })
    .default(128)
    .describe(
      'Memory for the vectors of the workspaces in use, 44 MB for 100,000 passages of the default model: a question is compared with them in a few milliseconds. Workspaces with more passages are searched in the database. 0 turns it off.',
    ),
  lexicalMemoryMb: value
    .wholeNumber({ min: 0, max: 1_000_000, unit: 'MB' })
    .default(32)
    .describe(
      'Memory for the parts of the lexical index that questions have asked for, so that common words are not read from the database for each. 0 turns it off.',
    ),
  vectorIndexFrom: value
    .wholeNumber({ min: 1, max: 2_000_000_000, unit: 'passages' })
    .default(200_000)
    .describe(
      'The number of passages from which on a native PostgreSQL gets an index of their vectors, made in the background: for more than VECTOR_MEMORY_MB holds. It makes searching fast and ingestion slower. The embedded database has none.',
    ),
  questionRewriting: value
    .oneOf(['off', 'model'])
    .default('off')
    .describe(
      'How a follow-up question becomes one that stands alone before documents are searched: `off` searches it together with the questions before it; `model` lets the language model write one, which takes up to three seconds more.',
    ),
};

const bytes = { min: 1, max: 268_435_456, unit: 'bytes' };

const limits = {
  maxTextBytes: value
    .wholeNumber(bytes)
    .default(5_242_880)
    .describe('The largest text of a document, in UTF-8, and so the largest `.txt` file; more gets 413.'),
  maxUploadBytes: value
    .wholeNumber(bytes)
    .default(52_428_800)
    .describe('The largest uploaded file of any other kind; more gets 413.'),
  maxStoredBytes: value
    .wholeNumber({ ...bytes, max: 100_000_000_000_000 })
    .optional()
    .describe('How much all files may take together; an upload beyond it gets 413. No limit when not set.'),
  uploadWaitSeconds: value
    .wholeNumber({ min: 0, max: 3600, unit: 'seconds' })
    .default(60)
    .describe('How long an upload waits for its document to be processed before it answers 202.'),
  readingTimeoutSeconds: value
    .wholeNumber({ min: 1, max: 3600, unit: 'seconds' })
    .default(120)
    .describe('How long reading the text out of one file may take.'),
  readingMemoryMb: value
    .wholeNumber({ min: 64, max: 65_536, unit: 'MB' })
    .default(512)
    .describe('How much memory reading one file may take; a file that needs more fails, and nothing else.'),
  ingestionConcurrency: value
    .wholeNumber({ min: 1, max: 64, unit: 'documents' })
    .default(2)
    .describe('How many are processed at once: a small file need not wait for the end of a large one.'),
};

const web = {
  allowedUrlHosts: value.urlHostList().default([]).meta({
    shownDefault: 'none',
    description:
      'Hosts of your own network that documents may be fetched from by their URL, such as a wiki, on the ports given. All others must have public addresses. Addresses that hand out credentials of a cloud stay refused.',
  }),
  urlFetchTimeoutSeconds: value
    .decimal(seconds)
    .default(30)
    .describe('How long fetching a URL may take, redirects and all.'),
};

const running = {
  role: value
    .oneOf(['all', 'api', 'worker'])
    .default('all')
    .describe(
      'What this process does: `api` serves requests and answers questions, `worker` processes documents, `all` does both. With a native PostgreSQL any number of either may run.',
    ),
  debug: value.flag().default(false).describe('For development: log lines for people instead of JSON.'),
  logLevel: value
    .oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'])
    .default('info')
    .describe('The least severe level that is logged.'),
  keepAliveSeconds: value
    .decimal({ min: 0.01, max: 3600, unit: 'seconds' })
    .default(15)
    .describe('How often an answer’s stream has a comment for proxies that cut silent connections.'),
  drainSeconds: value
    .wholeNumber({ min: 0, max: 3600, unit: 'seconds' })
    .default(20)
    .describe('How long running answers may go on after SIGTERM before they are marked interrupted.'),
};

export const settingGroups = [
  { title: 'Reaching the server', settings: reaching },
  { title: 'HTTPS', settings: tls },
  { title: 'Accounts', settings: accounts },
  { title: 'Data', settings: data },
  { title: 'Language model', settings: languageModel },
  { title: 'Embedding model', settings: embedding },
  { title: 'Token budget', settings: tokenBudget },
  { title: 'Chunks and retrieval', settings: retrieval },
  { title: 'Reranking', settings: reranking },
  { title: 'Sessions', settings: sessions },
  { title: 'Limits of documents', settings: limits },
  { title: 'Documents from the web', settings: web },
  { title: 'Protection', settings: protection },
  { title: 'Backups', settings: backups },
  { title: 'Traces', settings: observing },
  { title: 'Running', settings: running },
];

export const configSchema = z.object({
  ...reaching,
  ...tls,
  ...accounts,
  ...data,
  ...languageModel,
  ...embedding,
  ...tokenBudget,
  ...retrieval,
  ...reranking,
  ...sessions,
  ...limits,
  ...web,
  ...protection,
  ...backups,
  ...observing,
  ...running,
});

export type Config = z.output<typeof configSchema>;

/** The environment variable of a field of `Config`. */
export function variableOf(field: string): string {
  if (field === 'dataDir') return 'LECTERN_DATA_DIR';
  if (field === 'role') return 'LECTERN_ROLE';
  return field.replace(/[A-Z]/g, letter => `_${letter}`).toUpperCase();
}
