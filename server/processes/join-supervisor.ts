import cluster from 'node:cluster';
import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import { MetricsOfAll } from './metrics-of-all.ts';
import { deathMessage, type readyMessage } from './process-messages.ts';

export type Membership = {
  /** The name of this process on what it has leased. */
  owner: string;
  /** Tells the supervisor that this process listens; from then on it may be told of others that have died. */
  ready(url: string, onDeath: (owner: string) => void): void;
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
  };
}
