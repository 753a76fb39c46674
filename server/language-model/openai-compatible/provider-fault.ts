import type { TimeoutPhase } from './timeouts.ts';

/** What went wrong at the provider, before it is known whether to try again or how to say it to people. */
export type Fault =
  /** An HTTP status, or an error object inside a 200 that amounts to one. */
  | { kind: 'status'; status: number; detail: string; retryAfterMs?: number | undefined }
  /** No connection, a lost connection, or a stream that ended before the answer did. */
  | { kind: 'network'; detail: string }
  /** A reply that is no chat completion stream; trying again would bring the same. */
  | { kind: 'malformed'; detail: string }
  | { kind: 'timeout'; phase: TimeoutPhase; limitMs: number; detail: string };

/** Carries a Fault up to the retry loop and never leaves this folder: its text may hold the API key. */
export class ProviderFault extends Error {
  override name = 'ProviderFault';
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.kind);
    this.fault = fault;
  }
}

/** For errors of the HTTP client. Only names and messages are kept: its error objects may carry raw replies. */
export function transportFault(error: unknown, connectMs: number): ProviderFault {
  if (error instanceof ProviderFault) return error;
  const detail = describe(error);
  return codeOf(error) === 'UND_ERR_CONNECT_TIMEOUT'
    ? new ProviderFault({ kind: 'timeout', phase: 'connect', limitMs: connectMs, detail })
    : new ProviderFault({ kind: 'network', detail });
}

function describe(error: unknown): string {
  // Node reports "refused on IPv4 and on IPv6" as an AggregateError whose own message is empty.
  if (error instanceof AggregateError) return error.errors.map(describe).join('; ');
  if (!(error instanceof Error)) return 'unknown transport error';
  const code = codeOf(error);
  return code ? `${error.message} (${code})` : error.message;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
