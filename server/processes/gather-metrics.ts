import type { Worker } from 'node:cluster';
import type { z } from 'zod';
import {
  type allMetricsMessage,
  metricsWantedMessage,
  type tellMetricsMessage,
  toldMetricsMessage,
} from './process-messages.ts';

/** A process that is busy for longer is left out: Prometheus itself waits 10 s. */
const PATIENCE_MS = 2_000;

type Gathering = {
  asker: Worker;
  missing: Set<Worker>;
  found: z.infer<typeof toldMetricsMessage>['metrics'][];
  timer: NodeJS.Timeout;
};

/** For the supervisor: passes the metrics of all processes to the one that was asked for them. */
export class MetricsGatherer {
  /** By what the asker calls it. */
  readonly #gatherings = new Map<string, Gathering>();

  /** @param all the processes that run. */
  take(sender: Worker, message: unknown, all: () => Worker[]): void {
    const wanted = metricsWantedMessage.safeParse(message);
    if (wanted.success) this.#begin(sender, wanted.data.id, all());
    const told = toldMetricsMessage.safeParse(message);
    if (told.success) this.#add(sender, told.data);
  }

  #begin(asker: Worker, id: string, all: Worker[]): void {
    const missing = new Set(all.filter(worker => worker.isConnected()));
    const timer = setTimeout(() => this.#end(id), PATIENCE_MS);
    this.#gatherings.set(id, { asker, missing, found: [], timer });
    for (const worker of missing)
      worker.send({ type: 'tell-metrics', id } satisfies z.infer<typeof tellMetricsMessage>);
  }

  #add(sender: Worker, { id, metrics }: z.infer<typeof toldMetricsMessage>): void {
    const gathering = this.#gatherings.get(id);
    if (!gathering?.missing.delete(sender)) return;
    gathering.found.push(metrics);
    if (gathering.missing.size === 0) this.#end(id);
  }

  #end(id: string): void {
    const gathering = this.#gatherings.get(id);
    if (!gathering) return;
    this.#gatherings.delete(id);
    clearTimeout(gathering.timer);
    const { asker, found: processes } = gathering;
    if (asker.isConnected())
      asker.send({ type: 'all-metrics', id, processes } satisfies z.infer<typeof allMetricsMessage>);
  }
}
