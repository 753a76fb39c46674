export type Deadline = {
  signal: AbortSignal;
  /** Nothing is waited for any more. */
  end(): void;
};

/**
 * A signal that is aborted with what `reason` makes when the time is up, and with their reason by any of
 * the `others`.
 */
export function createDeadline(
  timeoutMs: number,
  others: readonly AbortSignal[],
  reason: () => Error,
): Deadline {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(reason()), timeoutMs);
  return { signal: AbortSignal.any([controller.signal, ...others]), end: () => clearTimeout(timer) };
}
