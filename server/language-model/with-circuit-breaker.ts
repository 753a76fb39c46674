import type { ErrorCode } from '../../contract/errors.ts';
import { LanguageModelError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { type BreakerLimits, CircuitBreaker, type Permit } from './circuit-breaker.ts';
import type { GenerateRequest } from './language-model.ts';
import type { Emit, ModelWriter } from './model-writer.ts';

/**
 * The provider is down or broken. Not: a request or a key that it refuses (it answers, and the person should
 * read why), nor a rate limit (it answers, and says itself when to come back).
 */
const failures = new Set<ErrorCode>([
  'language_model_unavailable',
  'language_model_timeout',
  'language_model_interrupted',
]);

/**
 * Spares people the wait for a provider that is down, and the provider their questions: once it has failed
 * too often in a row, calls are refused at once with language_model_unavailable and the seconds to wait.
 */
export function withCircuitBreaker(model: ModelWriter, limits: BreakerLimits, logger: Logger): ModelWriter {
  const breaker = new CircuitBreaker(limits, noteChange);

  async function write(request: GenerateRequest, emit: Emit): Promise<void> {
    const permit = breaker.enter();
    if ('retryAfterMs' in permit) throw refusal(permit.retryAfterMs);
    try {
      await model.write(request, event => {
        if (event.type === 'begin') permit.began();
        else if (event.type === 'finish') permit.succeeded();
        emit(event);
      });
    } catch (error) {
      if (!request.signal.aborted) noteError(permit, error);
      throw error;
    } finally {
      permit.end();
    }
  }

  function noteChange(isOpen: boolean): void {
    const event = isOpen ? 'language-model-breaker-opened' : 'language-model-breaker-closed';
    const message = isOpen
      ? 'the language model fails again and again and is left alone for a while'
      : 'the language model answers again';
    logger.warn({ event, model: model.name, ...limits }, message);
  }

  return { name: model.name, write, close: () => model.close() };
}

/** A provider that refuses does answer. */
function noteError(permit: Permit, error: unknown): void {
  if (error instanceof LanguageModelError && failures.has(error.code)) permit.failed();
  else permit.began();
}

function refusal(retryAfterMs: number): LanguageModelError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return new LanguageModelError(
    'language_model_unavailable',
    `The language model has failed several times in a row and is not asked for now. Try again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`,
    { retryable: true, retryAfterSeconds: seconds },
  );
}
