import type { ErrorCode } from '../contract/errors.ts';

type Details = {
  /** What went wrong underneath; logged, never sent. */
  cause?: unknown;
  /** Seconds after which trying again makes sense; sent as `Retry-After`. */
  retryAfterSeconds?: number;
  /** Further fields of the error body, for programs (for example the running message's id). */
  extra?: Record<string, unknown>;
};

/**
 * An error with a stable code and a sentence for people. The message of a 4xx is sent as it is;
 * http/send-error.ts masks only what is not an AppError.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterSeconds: number | undefined;
  readonly extra: Record<string, unknown> | undefined;

  constructor(code: ErrorCode, message: string, details: Details = {}) {
    super(message, { cause: details.cause });
    this.name = new.target.name;
    this.code = code;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.extra = details.extra;
  }
}

/** The request itself is wrong: 4xx. */
export class RequestError extends AppError {}

/** A document that can't be read or stored: 413, 415 or 422. */
export class DocumentError extends AppError {}

/** No such thing, or not yours: the same 404 for both. */
export class NotFoundError extends AppError {
  constructor(what: string) {
    super('not_found', `There is no such ${what}.`);
  }
}

/** Something Lectern needs is away for now: 503. */
export class UnavailableError extends AppError {}

/** The language model failed; `retryable` says whether asking again may help. */
export class LanguageModelError extends AppError {
  readonly retryable: boolean;

  constructor(code: ErrorCode, message: string, details: Details & { retryable: boolean }) {
    super(code, message, details);
    this.retryable = details.retryable;
  }
}

/** Lectern can't start like this; shown on the terminal without a stack. */
export class StartError extends Error {
  override name = 'StartError';
}
