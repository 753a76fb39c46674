import { readlinkSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';

/** Nice value above the process's: enough that whoever answers people gets a core at once. */
const NICER_BY = 10;

/**
 * Gives the calling thread a lower priority than the rest of the process, for threads that compute for minutes
 * while others answer. On Linux, where setpriority(2) takes a thread's id; elsewhere nothing happens.
 */
export function lowerPriority(): void {
  if (process.platform !== 'linux') return;
  try {
    const threadId = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    setPriority(threadId, Math.min(getPriority() + NICER_BY, 19));
  } catch {} // Without /proc, or not allowed: it goes on as it is.
}
