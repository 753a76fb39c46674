import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Agent } from 'undici';
import { StartError } from '../../errors.ts';
import type { GenerateRequest } from '../language-model.ts';
import type { Emit, ModelWriter } from '../model-writer.ts';
import { createDetailCleaner } from './clean-detail.ts';
import { defaultRetryBaseMs, retryDelayMs } from './fault-policy.ts';
import { faultToError, labelOf } from './fault-to-error.ts';
import { type CompletionTarget, openCompletion } from './open-completion.ts';
import { type Fault, ProviderFault } from './provider-fault.ts';
import { adaptDialect, type RequestDialect, usualDialect } from './request-dialect.ts';
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
export function createOpenAICompatibleModel(options: Options): ModelWriter {
  const { model, logger, timeouts = defaultTimeouts, retryBaseMs = defaultRetryBaseMs } = options;
  const apiKey = readApiKey(options.apiKey);
  const clean = createDetailCleaner(apiKey);
  const agent = createAgent(timeouts.connectMs);
  const url = completionsUrl(options.baseUrl);
  const target: CompletionTarget = { agent, url, apiKey, model, timeouts, dialect: usualDialect };

  async function write(request: GenerateRequest, emit: Emit): Promise<void> {
    let answered = false;
    let retriesDone = 0;
    while (true) {
      const { dialect } = target;
      try {
        return await openCompletion(target, request, event => {
          if (!answered) emit({ type: 'begin', model, host: url.host });
          answered = true;
          emit(event);
        });
      } catch (error) {
        request.signal.throwIfAborted();
        const fault = cleanFault(error, clean);
        if (adaptToRefusal(dialect, fault)) continue;
        const waitMs = agent.destroyed
          ? undefined
          : retryDelayMs({ fault, retriesDone, answered, retryBaseMs });
        if (waitMs === undefined) throw faultToError(fault, answered);
        retriesDone += 1;
        noteRetry(fault, retriesDone, waitMs);
        await pause(waitMs, request.signal);
      }
    }
  }

  /** What the server has refused once is never sent again. @param asked how this attempt spoke */
  function adaptToRefusal(asked: RequestDialect, fault: Fault): boolean {
    const dialect = adaptDialect(asked, fault);
    if (!dialect) return false;
    if (target.dialect !== asked) return true; // Another answer has learned something meanwhile.
    target.dialect = dialect;
    const fields = { event: 'language-model-dialect-changed', model, dialect, detail: fault.detail };
    logger.info(fields, 'the language model refused a part of the request; asking without it from now on');
    return true;
  }

  function noteRetry(fault: Fault, attempt: number, waitMs: number): void {
    const fields = { event: 'language-model-retried', model, fault: labelOf(fault), detail: fault.detail };
    logger.warn({ ...fields, attempt, waitMs: Math.round(waitMs) }, 'asking the language model again');
  }

  return { name: model, write, close: () => agent.destroy() };
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
