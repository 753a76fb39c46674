import { ProviderFault } from './provider-fault.ts';

export type Timeouts = {
  /** Until the connection stands, name lookup and TLS included. */
  connectMs: number;
  /** From asking until the first token; a slow connection counts towards it. */
  firstTokenMs: number;
  /** Between two tokens. */
  silenceMs: number;
};

export const defaultTimeouts: Timeouts = { connectMs: 10_000, firstTokenMs: 30_000, silenceMs: 20_000 };

/** `closing`: the answer is whole, only the usage and the end of the body are still to come. */
export type TimeoutPhase = 'connect' | 'first-token' | 'silence' | 'closing';

type WatchedPhase = Exclude<TimeoutPhase, 'connect'>;

const closingMs = 2_000;

export type Watchdog = {
  /** Starts waiting for something; replaces what was waited for before. */
  start(phase: WatchedPhase): void;
  /** For good. */
  stop(): void;
};

/**
 * One timer for the phases of one attempt; the connect timeout is the HTTP client's own. It is not set anew
 * for every token: it runs out, and then waits for what is left of the limit that counts by now.
 */
export function createWatchdog(timeouts: Timeouts, onExpire: (fault: ProviderFault) => void): Watchdog {
  const limits = {
    'first-token': timeouts.firstTokenMs,
    silence: timeouts.silenceMs,
    closing: Math.min(closingMs, timeouts.silenceMs),
  };
  let waitingFor: WatchedPhase | undefined;
  let deadline = 0;
  let timer: NodeJS.Timeout | undefined;
  let timerEnd = 0;

  function setTimer(now: number): void {
    timerEnd = deadline;
    timer = setTimeout(look, deadline - now);
  }

  function look(): void {
    timer = undefined;
    if (waitingFor === undefined) return;
    const now = performance.now();
    // Timers may run out a fraction of a millisecond early.
    if (now < deadline - 1) {
      setTimer(now);
      return;
    }
    const limitMs = limits[waitingFor];
    const detail = `nothing arrived for ${limitMs} ms`;
    onExpire(new ProviderFault({ kind: 'timeout', phase: waitingFor, limitMs, detail }));
  }

  return {
    start(phase) {
      const now = performance.now();
      waitingFor = phase;
      deadline = now + limits[phase];
      if (timer !== undefined && timerEnd <= deadline) return;
      clearTimeout(timer);
      setTimer(now);
    },
    stop() {
      waitingFor = undefined;
      clearTimeout(timer);
      timer = undefined;
    },
  };
}
