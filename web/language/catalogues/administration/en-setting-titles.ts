import type { Message } from '../../message.ts';

/** What the settings are called that can be changed while the server runs. */
export const enSettingTitles = {
  'setting.GROQ_MODEL': 'Model at Groq',
  'setting.LLM_MODEL': 'Language model',
  'setting.LLM_MODELS': 'Models to choose from',
  'setting.LLM_TEMPERATURE': 'Temperature',
  'setting.LLM_PRICES': 'Prices of the models',
  'setting.LLM_PRICE_CURRENCY': 'Currency of the prices',
  'setting.DAILY_TOKEN_BUDGET': 'Tokens a day for everyone together',
  'setting.MAX_CONTEXT_TOKENS': 'Tokens of a whole request',
  'setting.SYSTEM_PROMPT_TOKENS': 'Tokens for the instructions',
  'setting.DOCUMENT_CONTEXT_TOKENS': 'Tokens for the sources',
  'setting.CURRENT_MESSAGE_TOKENS': 'Tokens for the question',
  'setting.RESERVED_FOR_RESPONSE': 'Tokens for the answer',
  'setting.SAFETY_BUFFER': 'Tokens left free',
  'setting.TOP_K': 'Passages for an answer',
  'setting.MIN_SIMILARITY': 'Least similarity',
  'setting.QUERY_CACHE_SECONDS': 'How long found passages are kept',
  'setting.QUESTION_REWRITING': 'Rewriting of follow-up questions',
  'setting.RERANKING': 'Reranking',
  'setting.RERANKER_CANDIDATES': 'Passages that are reranked',
  'setting.RERANKER_TIMEOUT_MS': 'Time limit of reranking',
  'setting.SESSION_TITLES': 'Titles of chats by the model',
  'setting.MAX_TEXT_BYTES': 'Largest text',
  'setting.MAX_UPLOAD_BYTES': 'Largest file',
  'setting.MAX_STORED_BYTES': 'All files together',
  'setting.UPLOAD_WAIT_SECONDS': 'How long an upload waits',
  'setting.RATE_LIMIT_REQUESTS': 'Requests a minute',
  'setting.RATE_LIMIT_UPLOADS': 'Uploads a minute',
  'setting.RATE_LIMIT_ANSWERS': 'Answers at once',
  'setting.RATE_LIMIT_TOKENS': 'Tokens a day of one sender',
  'setting.OVERLOAD_REQUESTS': 'Requests that may wait',
  'setting.OVERLOAD_WAIT_SECONDS': 'Longest wait of a question',
  'setting.DRAIN_SECONDS': 'How long answers may end at a stop',
} satisfies Record<string, Message>;

export type SettingTitleKey = keyof typeof enSettingTitles;
