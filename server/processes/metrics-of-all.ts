import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { ProcessMetrics, Siblings } from '../observing/metrics.ts';
import {
  allMetricsMessage,
  type metricsWantedMessage,
  tellMetricsMessage,
  type toldMetricsMessage,
} from './process-messages.ts';

/** The supervisor is gone, or will be: this process alone is told of then. */
const PATIENCE_MS = 4_000;

/** The way to the metrics of the other processes, by the supervisor of all. */
export class MetricsOfAll implements Siblings {
  onMetricsWanted(readOwn: () => Promise<ProcessMetrics>): void {
    process.on('message', async message => {
      const asked = tellMetricsMessage.safeParse(message);
      if (!asked.success) return;
      // What one process can't say is missing from the sum, and no reason to end.
      const metrics = await readOwn().catch(() => []);
      const told: z.infer<typeof toldMetricsMessage> = { type: 'told-metrics', id: asked.data.id, metrics };
      if (process.connected) process.send?.(told);
    });
    process.channel?.unref();
  }

  async ofAll(): Promise<ProcessMetrics[]> {
    const id = randomUUID();
    const { promise, resolve } = Promise.withResolvers<ProcessMetrics[]>();
    const take = (message: unknown) => {
      const all = allMetricsMessage.safeParse(message);
      if (all.success && all.data.id === id) resolve(all.data.processes);
    };
    const timer = setTimeout(() => resolve([]), PATIENCE_MS);
    process.on('message', take);
    process.send?.({ type: 'metrics-wanted', id } satisfies z.infer<typeof metricsWantedMessage>);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      process.off('message', take);
      process.channel?.unref();
    }
  }
}
