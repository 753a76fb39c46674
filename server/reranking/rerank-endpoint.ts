import { z } from 'zod';
import type { Reranker } from './reranker.ts';

type Options = {
  /** What comes before `/rerank`. */
  baseUrl: string;
  /** TEI has only one and needs no name. */
  model: string | undefined;
  apiKey: string | undefined;
  /** `auto` asks as Jina does, and as TEI does where that is refused. */
  format: 'auto' | 'jina' | 'cohere' | 'tei';
};

type Dialect = {
  body(question: string, texts: readonly string[], model: string | undefined): object;
  answer: z.ZodType<{ index: number; score: number }[]>;
};

const index = z.int().min(0);

/** Jina, Cohere, and after them vLLM, llama.cpp, Voyage, Infinity. */
const jina: Dialect = {
  body: (query, documents, model) => ({ model, query, documents, top_n: documents.length }),
  answer: z
    .object({ results: z.array(z.object({ index, relevance_score: z.number() })) })
    .transform(({ results }) => results.map(one => ({ index: one.index, score: one.relevance_score }))),
};

/** Hugging Face's text-embeddings-inference. It refuses texts too long for the model unless it may cut them. */
const tei: Dialect = {
  body: (query, texts) => ({ query, texts, truncate: true }),
  answer: z.array(z.object({ index, score: z.number() })),
};

/** The request itself was not understood. */
class RefusedRequest extends Error {}
const REFUSALS = [400, 422];
const LONGEST_REFUSAL = 300;

/** Scores from a server that has `POST /rerank`. */
export function createRerankEndpoint(options: Options): Reranker {
  const { format, model } = options;
  let known: Dialect | undefined = { auto: undefined, jina, cohere: jina, tei }[format];
  return {
    modelName: model ?? 'tei',
    async rerank(question, texts, signal) {
      if (texts.length === 0) return [];
      const ask = (dialect: Dialect) => askEndpoint(options, dialect, { question, texts, signal });
      if (known) return ask(known);
      try {
        const scores = await ask(jina);
        known = jina;
        return scores;
      } catch (error) {
        if (!(error instanceof RefusedRequest)) throw error;
        // When that is refused too, the first refusal says what is wrong.
        const scores = await ask(tei).catch(second => {
          throw second instanceof RefusedRequest ? error : second;
        });
        known = tei;
        return scores;
      }
    },
    close: async () => {},
  };
}

type Request = { question: string; texts: readonly string[]; signal: AbortSignal };

async function askEndpoint(options: Options, dialect: Dialect, request: Request): Promise<number[]> {
  const { question, texts, signal } = request;
  const response = await send(options, dialect.body(question, texts, options.model), signal);
  const body = await response.text();
  if (!response.ok) {
    const detail = withoutKey(body, options.apiKey).slice(0, LONGEST_REFUSAL);
    const message = `it answered ${response.status}: ${detail}`;
    throw REFUSALS.includes(response.status) ? new RefusedRequest(message) : new Error(message);
  }
  const answer = dialect.answer.safeParse(parseJson(body));
  if (!answer.success) throw new Error('its answer is not that of a rerank endpoint');
  return inOrder(answer.data, texts.length);
}

async function send({ baseUrl, apiKey }: Options, body: object, signal: AbortSignal): Promise<Response> {
  try {
    return await fetch(`${baseUrl}/rerank`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(apiKey && { authorization: `Bearer ${apiKey}` }) },
      body: JSON.stringify(body),
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    throw new Error('it does not answer', { cause: error });
  }
}

/** The best come first in an answer. */
function inOrder(results: { index: number; score: number }[], count: number): number[] {
  const scores = new Map(results.map(result => [result.index, result.score]));
  return Array.from({ length: count }, (_, index) => {
    const score = scores.get(index);
    if (score === undefined) throw new Error(`it gave no score for text ${index} of ${count}`);
    return score;
  });
}

/** Some endpoints repeat the key that they refuse. */
function withoutKey(text: string, apiKey: string | undefined): string {
  return apiKey ? text.replaceAll(apiKey, '[key]') : text;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // No schema takes it.
  }
}
