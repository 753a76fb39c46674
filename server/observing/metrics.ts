import type { Instruments } from './instruments.ts';

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
 * has no Prometheus pays neither its memory nor its time.
 */
export class Metrics {
  #instruments: Instruments | undefined;
  #loading: Promise<Instruments> | undefined;

  /** Undefined until somebody has asked. */
  get instruments(): Instruments | undefined {
    return this.#instruments;
  }

  async read(gauges: Gauges): Promise<MetricsPage> {
    this.#loading ??= import('./instruments.ts').then(module => module.createInstruments());
    this.#instruments = await this.#loading;
    await this.#instruments.update(gauges);
    const { registry } = this.#instruments;
    return { contentType: registry.contentType, text: await registry.metrics() };
  }
}
