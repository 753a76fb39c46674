import type { Instruments } from './instruments.ts';

/** Of one process, in the form of prom-client's `getMetricsAsJSON`. */
export type ProcessMetrics = { name: string }[];

/** The other processes that serve on the same port. */
export type Siblings = {
  /** Is told how to read this process's own, for whoever asks another one. */
  onMetricsWanted(readOwn: () => Promise<ProcessMetrics>): void;
  /** Those of each process, this one's among them; empty when the others can't be asked. */
  ofAll(): Promise<ProcessMetrics[]>;
};

export type MetricsPage = { contentType: string; text: string };

/** What is looked up when somebody asks for the metrics. */
export type Gauges = {
  answersRunning(): number;
  /** Of the database's pool. */
  connections(): { total: number; idle: number; waiting: number };
  /** By state, and for how many seconds the oldest job has waited. */
  jobs(): Promise<{ waiting: number; running: number; oldestWaitingSeconds: number }>;
  documents(): Promise<{ state: string; count: number }[]>;
  /** Of the newest backup that this process has seen or made; undefined when there is none. */
  lastBackupAt(): Date | undefined;
};

/**
 * What Prometheus is told. The library is loaded when it asks for the first time, and counting begins then: whoever
 * has no Prometheus pays neither its memory nor its time. Of several processes the one that is asked adds up what all
 * say: which of them Prometheus meets is chance.
 */
export class Metrics {
  readonly #siblings: Siblings | undefined;
  #instruments: Instruments | undefined;
  #loading: Promise<Instruments> | undefined;

  constructor(siblings?: Siblings) {
    this.#siblings = siblings;
  }

  /** Undefined until somebody has asked. */
  get instruments(): Instruments | undefined {
    return this.#instruments;
  }

  /** Once there is something to be looked up: from here on other processes may ask. */
  serve(gauges: Gauges): void {
    this.#siblings?.onMetricsWanted(async () => (await this.#update(gauges)).readOwn());
  }

  async read(gauges: Gauges): Promise<MetricsPage> {
    const { registry, addUp } = await this.#update(gauges);
    const all = (await this.#siblings?.ofAll()) ?? [];
    const text = await (all.length > 0 ? addUp(all) : registry).metrics();
    return { contentType: registry.contentType, text };
  }

  async #update(gauges: Gauges): Promise<Instruments> {
    this.#loading ??= import('./instruments.ts').then(module => module.createInstruments());
    this.#instruments = await this.#loading;
    await this.#instruments.update(gauges);
    return this.#instruments;
  }
}
