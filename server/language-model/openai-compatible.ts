import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Agent } from 'undici';
import { StartError } from '../errors.ts';
import { createDetailCleaner } from './clean-detail.ts';
import { defaultRetryBaseMs, retryDelayMs } from './fault-policy.ts';
import { faultToError, labelOf } from './fault-to-error.ts';
import type { GenerateRequest, LanguageModel, ModelEvent } from './language-model.ts';
import { openCompletion } from './open-completion.ts';
import { type Fault, ProviderFault } from './provider-fault.ts';
import { defaultTimeouts, type Timeouts } from './timeouts.ts';

type Options = {
  /** Up to and including the version, for example https://api.groq.com/openai/v1 */
  baseUrl: string;
  apiKey?: string | undefined;
  model: string;
  timeouts?: Timeouts;
  /** The unit of backoff and jitter; tests make it short. */
  retryBaseMs?: number;
  logger: Logger;
};

/** A language model behind any OpenAI-compatible HTTP API: Groq, OpenAI, Ollama, vLLM, llama.cpp. */
export function createOpenAICompatibleModel(options: Options): LanguageModel {
  const { model, logger, timeouts = defaultTimeouts, retryBaseMs = defaultRetryBaseMs } = options;
  const apiKey = readApiKey(options.apiKey);
  const clean = createDetailCleaner(apiKey);
  const agent = createAgent(timeouts.connectMs);
  const target = { agent, url: completionsUrl(options.baseUrl), apiKey, model, timeouts };

  async function* generate(request: GenerateRequest): AsyncGenerator<ModelEvent> {
    let answered = false;
    for (let retriesDone = 0; ; retriesDone += 1) {
      try {
        for await (const event of openCompletion(target, request)) {
          answered = true;
          yield event;
        }
        return;
      } catch (error) {
        request.signal.throwIfAborted();
        const fault = cleanFault(error, clean);
        const waitMs = agent.destroyed
          ? undefined
          : retryDelayMs({ fault, retriesDone, answered, retryBaseMs });
        if (waitMs === undefined) throw faultToError(fault, answered);
        const fields = {
          event: 'language-model-retried',
          model,
          fault: labelOf(fault),
          detail: fault.detail,
        };
        logger.warn(
          { ...fields, attempt: retriesDone + 1, waitMs: Math.round(waitMs) },
          'asking the language model again',
        );
        await pause(waitMs, request.signal);
      }
    }
  }

  return { name: model, generate, close: () => agent.destroy() };
}

/** Throws what is no fault of the provider's: a mistake in Lectern must not look like a bad network. */
function cleanFault(error: unknown, clean: (text: string) => string): Fault {
  if (!(error instanceof ProviderFault)) throw error;
  return { ...error.fault, detail: clean(error.fault.detail) };
}

async function pause(waitMs: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(waitMs, undefined, { signal });
  } catch {
    signal.throwIfAborted(); // the caller's own reason rather than the timer's AbortError
  }
}

function createAgent(connectMs: number): Agent {
  return new Agent({
    connect: { timeout: connectMs },
    // The three timeouts are the watchdog's; the client's own would cut a slow first token or a long pause.
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
    // One answer per connection: aborting one closes its socket and can't touch the others.
    allowH2: false,
    pipelining: 1,
  });
}

function completionsUrl(baseUrl: string): URL {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/chat/completions`;
  return url;
}

function readApiKey(value: string | undefined): string | undefined {
  const apiKey = value?.trim();
  if (!apiKey) return undefined;
  if (!/^[\x21-\x7e]+$/.test(apiKey)) {
    throw new StartError(
      'The API key of the language model holds characters that cannot be sent. Check GROQ_API_KEY or LLM_API_KEY.',
    );
  }
  return apiKey;
}
