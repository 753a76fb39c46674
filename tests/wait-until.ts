import { setTimeout as delay } from 'node:timers/promises';

const PAUSE_MS = 10;

/**
 * Asks again and again until the answer is something true, and returns it.
 *
 * @throws Error after `limitMs`.
 */
export async function waitUntil<T>(
  what: string,
  ask: () => T | Promise<T>,
  limitMs = 60_000,
): Promise<NonNullable<Awaited<T>>> {
  for (const endMs = performance.now() + limitMs; ; ) {
    const answer = await ask();
    if (answer) return answer;
    if (performance.now() > endMs) throw new Error(`waited ${limitMs} ms in vain: ${what}`);
    await delay(PAUSE_MS);
  }
}
