import cluster from 'node:cluster';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { MetricsOfAll } from './metrics-of-all.ts';
import { deathMessage, type drainingMessage, type readyMessage } from './process-messages.ts';

export type Membership = {
  /** The name of this process on what it has leased. */
  owner: string;
  /** Tells the supervisor that this process listens; from then on it may be told of others that have died. */
  ready(url: string, onDeath: (owner: string) => void): void;
  /** Tells the supervisor how long this process, which stops, will take at most: settings may have changed since the start. */
  draining(drainMs: number): void;
  metrics: MetricsOfAll;
};

/** For a process that a supervisor has started; undefined in one that stands alone. */
export function joinSupervisor(): Membership | undefined {
  if (!cluster.isWorker) return undefined;
  const owner = randomUUID();
  // A terminal that hangs up sends it to all: it is the supervisor's to act on.
  process.on('SIGHUP', () => {});
  return {
    owner,
    metrics: new MetricsOfAll(),
    ready(url, onDeath) {
      process.on('message', message => {
        const died = deathMessage.safeParse(message);
        if (died.success) onDeath(died.data.owner);
      });
      // It must not keep a process that has done its work.
      process.channel?.unref();
      process.send?.({ type: 'ready', owner, url } satisfies z.infer<typeof readyMessage>);
    },
    draining(drainMs) {
      // Without a supervisor nobody would end it either.
      if (process.connected)
        process.send?.({ type: 'draining', drainMs } satisfies z.infer<typeof drainingMessage>);
    },
  };
}
