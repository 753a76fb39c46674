import { LanguageModelError } from '../../errors.ts';
import type { Fault } from './provider-fault.ts';

/**
 * The error that people and the log see. The fault's detail must have been cleaned (clean-detail.ts).
 * @param answered whether a part of the answer has already reached the reader
 */
export function faultToError(fault: Fault, answered: boolean): LanguageModelError {
  const cause = new Error(`${labelOf(fault)}: ${fault.detail}`);
  if (fault.kind === 'timeout') {
    return new LanguageModelError('language_model_timeout', timeoutMessage(fault), {
      retryable: true,
      cause,
    });
  }
  if (answered) {
    const message = 'The language model broke off in the middle of the answer. Ask again.';
    return new LanguageModelError('language_model_interrupted', message, { retryable: true, cause });
  }
  if (fault.kind === 'status') return statusError(fault, cause);
  const message =
    fault.kind === 'network'
      ? 'The language model could not be reached. Try again in a moment; if it lasts, check GROQ_BASE_URL or LLM_BASE_URL.'
      : 'The language model sent a reply that Lectern cannot read. Check that GROQ_BASE_URL or LLM_BASE_URL is the address of an OpenAI-compatible API.';
  return new LanguageModelError('language_model_unavailable', message, { retryable: true, cause });
}

function statusError(fault: Extract<Fault, { kind: 'status' }>, cause: Error): LanguageModelError {
  const { status } = fault;
  if (status === 401 || status === 403) {
    const message = 'The language model refused the API key. Check GROQ_API_KEY or LLM_API_KEY.';
    return new LanguageModelError('language_model_unauthorised', message, { retryable: false, cause });
  }
  if (status !== 429 && status >= 400 && status < 500) {
    const message = `The language model rejected the request (${status}): ${fault.detail}`;
    return new LanguageModelError('language_model_rejected', message, { retryable: false, cause });
  }
  const seconds = fault.retryAfterMs === undefined ? undefined : Math.ceil(fault.retryAfterMs / 1000);
  const details = { retryable: true, cause, ...(seconds !== undefined && { retryAfterSeconds: seconds }) };
  const when = seconds ? `in ${seconds} ${seconds === 1 ? 'second' : 'seconds'}` : 'in a moment';
  return status === 429
    ? new LanguageModelError(
        'language_model_rate_limited',
        `The language model gets too many requests. Try again ${when}.`,
        details,
      )
    : new LanguageModelError(
        'language_model_unavailable',
        `The language model has a problem of its own (${status}). Try again ${when}.`,
        details,
      );
}

function timeoutMessage({ phase, limitMs }: Extract<Fault, { kind: 'timeout' }>): string {
  const limit = `${limitMs / 1000} seconds`;
  if (phase === 'connect') {
    return `The language model could not be reached within ${limit}. Check GROQ_BASE_URL or LLM_BASE_URL and the network.`;
  }
  if (phase === 'first-token')
    return `The language model did not start to answer within ${limit}. Try again.`;
  return `The language model fell silent for ${limit} in the middle of the answer. Ask again.`;
}

/** For the log. */
export function labelOf(fault: Fault): string {
  if (fault.kind === 'status') return `status ${fault.status}`;
  return fault.kind === 'timeout' ? `${fault.phase} timeout` : fault.kind;
}
