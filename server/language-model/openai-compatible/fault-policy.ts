import type { Fault } from './provider-fault.ts';

const maxRetries = 2;

/** Nobody waits longer than this for a retry: the person gets the error and the time instead. */
const longestRetryAfterMs = 10_000;

export const defaultRetryBaseMs = 500;

type RetryInput = {
  fault: Fault;
  retriesDone: number;
  /** Whether text has reached the reader: a second attempt would say something else after it. */
  answered: boolean;
  retryBaseMs: number;
  /** 0 to 1; tests pin it. */
  random?: () => number;
};

/** How long to wait before the next attempt, or undefined when there must be none. */
export function retryDelayMs(input: RetryInput): number | undefined {
  const { fault, retriesDone, answered, retryBaseMs, random = Math.random } = input;
  if (answered || retriesDone >= maxRetries || !isTransient(fault)) return undefined;
  const retryAfterMs = fault.kind === 'status' ? fault.retryAfterMs : undefined;
  if (retryAfterMs !== undefined) {
    // Jitter only ever adds: many clients told "2 s" must not all come back at once, and none earlier.
    return retryAfterMs > longestRetryAfterMs ? undefined : retryAfterMs + random() * retryBaseMs;
  }
  return retryBaseMs * 2 ** retriesDone * (0.5 + random() / 2);
}

function isTransient(fault: Fault): boolean {
  if (fault.kind === 'status') return fault.status === 429 || fault.status >= 500;
  return fault.kind === 'network';
}

/** Reads `Retry-After`: seconds or an HTTP date (RFC 9110, section 10.2.3). */
export function parseRetryAfterMs(value: string | undefined, nowMs: number): number | undefined {
  const text = value?.trim();
  if (!text) return undefined;
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text) * 1000;
  // Date.parse takes almost anything ("-5" is a year to it); an HTTP date starts with a weekday.
  const dateMs = /^[A-Za-z]{3}/.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
