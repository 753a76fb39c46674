const CHECK_MS = 200;

/**
 * Calls back once the process has grown by so much: a thread's heap limit does not count what lies outside of
 * its heap, such as typed arrays. Growth of other causes counts too, so the limit has to be generous.
 *
 * @returns a function that ends the watch.
 */
export function watchMemory(maxGrowthMb: number, exceeded: () => void): () => void {
  const before = process.memoryUsage.rss();
  const timer = setInterval(() => {
    if (process.memoryUsage.rss() - before < maxGrowthMb * 1024 * 1024) return;
    clearInterval(timer);
    exceeded();
  }, CHECK_MS);
  return () => clearInterval(timer);
}
