import { z } from 'zod';
import { StartError, UnavailableError } from '../errors.ts';
import type { Embedder } from './embedder.ts';

type Options = {
  /** Up to and including `/v1`, say. */
  baseUrl: string;
  model: string;
  apiKey: string | undefined;
  /** Asked of the endpoint and checked; discovered from the first answer when not given. */
  dimensions: number | undefined;
  timeoutMs?: number;
};

const PASSAGES_PER_REQUEST = 32;
const REQUEST_TIMEOUT_MS = 60_000;

const answerSchema = z.object({
  data: z.array(z.object({ index: z.number().int(), embedding: z.array(z.number()).min(1) })),
});

/** Vectors from any endpoint that speaks `POST /embeddings` as OpenAI does. */
export function createOpenAICompatibleEmbedder(options: Options): Embedder {
  if (!options.model) throw new StartError('EMBEDDING_MODEL must name the model of EMBEDDING_BASE_URL.');
  let dimensions = options.dimensions;
  const embed = async (texts: string[]): Promise<Float32Array[]> => {
    const vectors = await requestEmbeddings(texts, options);
    for (const vector of vectors) {
      dimensions ??= vector.length;
      if (vector.length !== dimensions)
        throw failure(`it sent ${vector.length} numbers per vector instead of ${dimensions}`);
    }
    return vectors;
  };
  return {
    modelName: options.dimensions ? `${options.model}:${options.dimensions}` : options.model,
    state: 'loaded',
    get dimensions() {
      return dimensions;
    },
    async embedQuestion(question) {
      const [vector] = await embed([question]);
      if (!vector) throw failure('it sent no vector');
      return vector;
    },
    async embedPassages(passages) {
      const vectors: Float32Array[] = [];
      for (let start = 0; start < passages.length; start += PASSAGES_PER_REQUEST)
        vectors.push(...(await embed(passages.slice(start, start + PASSAGES_PER_REQUEST))));
      return vectors;
    },
    close: async () => {},
  };
}

async function requestEmbeddings(input: string[], options: Options): Promise<Float32Array[]> {
  let response: Response;
  try {
    response = await fetch(`${options.baseUrl.replace(/\/$/, '')}/embeddings`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(options.apiKey && { authorization: `Bearer ${options.apiKey}` }),
      },
      body: JSON.stringify({
        model: options.model,
        input,
        ...(options.dimensions && { dimensions: options.dimensions }),
      }),
      signal: AbortSignal.timeout(options.timeoutMs ?? REQUEST_TIMEOUT_MS),
    });
  } catch (error) {
    throw failure('it does not answer', error);
  }
  if (!response.ok)
    throw failure(`it answered ${response.status}`, await readRefusal(response, options.apiKey));
  const parsed = answerSchema.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw failure('its answer is not that of an embeddings endpoint', parsed.error);
  const vectors = new Map(parsed.data.data.map(({ index, embedding }) => [index, toUnitLength(embedding)]));
  return input.map((_, index) => {
    const vector = vectors.get(index);
    if (!vector) throw failure(`it sent no vector for text ${index}`);
    return vector;
  });
}

/** What the endpoint says, for the log: never the key, which some repeat. */
async function readRefusal(response: Response, apiKey: string | undefined): Promise<Error> {
  const body = await response.text();
  return new Error((apiKey ? body.replaceAll(apiKey, '[key]') : body).slice(0, 300));
}

function toUnitLength(numbers: number[]): Float32Array {
  const length = Math.hypot(...numbers) || 1;
  return Float32Array.from(numbers, number => number / length);
}

function failure(reason: string, cause?: unknown): UnavailableError {
  return new UnavailableError(
    'embedding_failed',
    `The embedding endpoint failed: ${reason}. Check EMBEDDING_BASE_URL, EMBEDDING_MODEL and EMBEDDING_API_KEY.`,
    { cause, retryAfterSeconds: 5 },
  );
}
