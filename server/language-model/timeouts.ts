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

const closingMs = 2_000;

export type Watchdog = {
  /** Starts waiting for something; replaces what was waited for before. */
  start(phase: Exclude<TimeoutPhase, 'connect'>): void;
  /** While the reader of the answer is busy, the provider isn't to blame for the time that passes. */
  stop(): void;
};

/** One timer for the phases of one attempt; the connect timeout is the HTTP client's own. */
export function createWatchdog(timeouts: Timeouts, onExpire: (fault: ProviderFault) => void): Watchdog {
  const limits = {
    'first-token': timeouts.firstTokenMs,
    silence: timeouts.silenceMs,
    closing: Math.min(closingMs, timeouts.silenceMs),
  };
  let timer: NodeJS.Timeout | undefined;
  return {
    start(phase) {
      clearTimeout(timer);
      const limitMs = limits[phase];
      const detail = `nothing arrived for ${limitMs} ms`;
      timer = setTimeout(
        () => onExpire(new ProviderFault({ kind: 'timeout', phase, limitMs, detail })),
        limitMs,
      );
    },
    stop() {
      clearTimeout(timer);
    },
  };
}
