import type { Message } from '../../message.ts';

/**
 * What the settings do that can be changed while the server runs, word for word as the server says it. Whoever
 * changes a text there changes it here and in the other languages: tests/setting-texts.test.ts compares them.
 */
export const enSettingDescriptions = {
  'about.GROQ_MODEL': 'The model at Groq.',
  'about.LLM_MODEL': 'The model at LLM_BASE_URL; required together with it.',
  'about.LLM_MODELS': 'Further models of the same provider that a request may choose as `model`.',
  'about.LLM_TEMPERATURE':
    'How freely answers are written when a request does not say: low, because they are to say what the sources say; not 0, at which small models repeat themselves.',
  'about.LLM_PRICES': 'What models cost, for the costs that usage shows.',
  'about.LLM_PRICE_CURRENCY': 'Of LLM_PRICES.',
  'about.DAILY_TOKEN_BUDGET':
    'How many tokens, of prompts and answers together, the language models may take each day (UTC). Then questions get 429 until midnight.',
  'about.MAX_CONTEXT_TOKENS':
    "The language model's context window. The five parts below must leave room in it for the history.",
  'about.SYSTEM_PROMPT_TOKENS': 'Kept for the instructions to the model.',
  'about.DOCUMENT_CONTEXT_TOKENS': 'Kept for what the documents say.',
  'about.CURRENT_MESSAGE_TOKENS': 'Kept for the question.',
  'about.RESERVED_FOR_RESPONSE': 'Kept for the answer.',
  'about.SAFETY_BUFFER':
    "Left free, because tokens are counted as GPT-2 counts them and the model's own may differ.",
  'about.TOP_K': 'How many are used as evidence.',
  'about.MIN_SIMILARITY':
    'The cosine similarity to the question below which a passage is not used as evidence.',
  'about.QUERY_CACHE_SECONDS':
    'How long what was found for a question is kept; any change of a document ends it. 0 turns it off.',
  'about.QUESTION_REWRITING':
    'How a follow-up question becomes one that stands alone before documents are searched: `off` searches it together with the questions before it; `model` lets the language model write one, which takes up to three seconds more.',
  'about.RERANKING':
    'Whether found passages are sorted again, where a reranker is configured. Off keeps it loaded.',
  'about.RERANKER_CANDIDATES': 'How many of the found passages are sorted again.',
  'about.RERANKER_TIMEOUT_MS': 'How long sorting may take; after that the order stays as it was.',
  'about.SESSION_TITLES':
    'Where the title of a session comes from: `question` takes the beginning of its first question; `model` has the language model write one after the first answer, if there is a model, with one short request more. A title that the user gave stays.',
  'about.MAX_TEXT_BYTES':
    'The largest text of a document, in UTF-8, and so the largest `.txt` file; more gets 413.',
  'about.MAX_UPLOAD_BYTES': 'The largest uploaded file of any other kind; more gets 413.',
  'about.MAX_STORED_BYTES':
    'How much all files may take together; an upload beyond it gets 413. No limit when not set.',
  'about.UPLOAD_WAIT_SECONDS':
    'How long an upload waits for its document to be processed before it answers 202.',
  'about.RATE_LIMIT_REQUESTS':
    'How many each address, user and API key may send a minute, all processes together; then they get 429 with Retry-After. 0 turns it off. The RATE_LIMIT settings leave alone what comes from this machine itself.',
  'about.RATE_LIMIT_UPLOADS':
    'How many documents each address, user and API key may send a minute. 0 turns it off.',
  'about.RATE_LIMIT_ANSWERS':
    'How many each address, user and API key may have running at once. 0 turns it off.',
  'about.RATE_LIMIT_TOKENS':
    'How many tokens, of prompts and answers together, each address, user and API key may take each day (UTC). 0 turns it off; DAILY_TOKEN_BUDGET limits all together.',
  'about.OVERLOAD_REQUESTS':
    'How many may wait for the beginning of their answer in one process; more get 503 with Retry-After at once.',
  'about.OVERLOAD_WAIT_SECONDS':
    'How long a question may have to wait for its search, as far as can be told; further ones get 503 with Retry-After at once.',
  'about.DRAIN_SECONDS':
    'How long running answers may go on after SIGTERM before they are marked interrupted.',
} satisfies Record<string, Message>;

export type SettingDescriptionKey = keyof typeof enSettingDescriptions;
