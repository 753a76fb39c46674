import { withSpan } from '../observing/with-span.ts';

/** Milliseconds that steps took, by name. */
export type StepTimes = Record<string, number>;

/** Notes how long the work takes, also when it fails. */
export async function timeStep<T>(times: StepTimes, name: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  try {
    return await withSpan(name, {}, work);
  } finally {
    times[`${name}_ms`] = Math.round(10 * (performance.now() - startedAt)) / 10;
  }
}
