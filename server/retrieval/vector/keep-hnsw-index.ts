import { tendHnswIndex } from './tend-hnsw-index.ts';

const INTERVAL_MS = 60_000;

type Options = Omit<Parameters<typeof tendHnswIndex>[0], 'signal'>;

/**
 * Tends the index of the vectors from time to time, in the background. What fails is logged and tried again.
 *
 * @returns a function that ends it; an index that is not finished is made again after the next start.
 */
export function keepHnswIndex(options: Options): () => Promise<void> {
  const ending = new AbortController();
  const { signal } = ending;
  let round: Promise<unknown> | undefined;
  const tend = () => {
    round ??= tendHnswIndex({ ...options, signal })
      .catch(error => {
        if (!signal.aborted) options.logger.warn({ err: error }, 'the vector index could not be tended');
      })
      .finally(() => {
        round = undefined;
      });
  };
  const timer = setInterval(tend, INTERVAL_MS);
  timer.unref();
  tend();
  return async () => {
    clearInterval(timer);
    ending.abort();
    await round;
  };
}
