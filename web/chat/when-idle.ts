/**
 * Does something that nobody waits for.
 *
 * @returns what calls it off.
 */
export function whenIdle(work: () => void): () => void {
  // Safari has no idle callbacks.
  if (typeof requestIdleCallback === 'undefined') {
    const timer = setTimeout(work, 30);
    return () => clearTimeout(timer);
  }
  const request = requestIdleCallback(work, { timeout: 500 });
  return () => cancelIdleCallback(request);
}
