import {
  type Aggregator,
  AggregatorRegistry,
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  Registry,
} from 'prom-client';
import type { Gauges, ProcessMetrics } from './metrics.ts';

/** Wakes the process four times a second where the library's 10 ms would a hundred times. */
const EVENT_LOOP_PRECISION_MS = 250;
const requestSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const stepSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5];
const modelSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

export type Instruments = ReturnType<typeof createInstruments>;

/** All metrics; names and units by the conventions of Prometheus (docs/production.md lists them). */
export function createInstruments() {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: EVENT_LOOP_PRECISION_MS });
  const gauge = (name: string, help: string, labelNames: string[] = [], aggregator: Aggregator = 'sum') =>
    new Gauge({ name, help, labelNames, registers, aggregator });
  /** Of the database, and so the same whichever process tells it. */
  const sharedGauge = (name: string, help: string, labelNames: string[] = []) =>
    gauge(name, help, labelNames, 'max');
  const answersRunning = gauge('lectern_answers_running', 'Answers that this process writes now.');
  const connections = gauge('lectern_database_connections', 'Connections of the pool, by state.', ['state']);
  const waiting = gauge('lectern_database_requests_waiting', 'Statements that wait for a connection.');
  const jobs = sharedGauge('lectern_ingestion_jobs', 'Documents to be processed, by state.', ['state']);
  const queueAge = sharedGauge(
    'lectern_ingestion_queue_age_seconds',
    'How long the document that has waited longest has waited.',
  );
  const documents = sharedGauge('lectern_documents', 'Documents, by the state of their current version.', [
    'state',
  ]);
  const lastBackup = sharedGauge(
    'lectern_backup_last_success_timestamp_seconds',
    'When the newest backup of BACKUP_FOLDER was made; 0 when there is none.',
  );
  return {
    registry,
    readOwn: (): Promise<ProcessMetrics> => registry.getMetricsAsJSON(),
    /** Sums of what several processes say; of what they share, one of it. */
    addUp: (all: ProcessMetrics[]): Registry => AggregatorRegistry.aggregate(all),
    requestDuration: new Histogram({
      name: 'lectern_http_request_duration_seconds',
      help: 'Requests, until the last byte of the answer was sent.',
      labelNames: ['method', 'route', 'status'],
      buckets: requestSeconds,
      registers,
    }),
    retrievalDuration: new Histogram({
      name: 'lectern_retrieval_duration_seconds',
      help: 'Searches, by whether their result was known already.',
      labelNames: ['cached'],
      buckets: stepSeconds,
      registers,
    }),
    retrievalStepDuration: new Histogram({
      name: 'lectern_retrieval_step_duration_seconds',
      help: 'The steps of searches.',
      labelNames: ['step'],
      buckets: stepSeconds,
      registers,
    }),
    firstTokenDuration: new Histogram({
      name: 'lectern_language_model_first_token_seconds',
      help: 'From asking the language model to its first token.',
      labelNames: ['model'],
      buckets: modelSeconds,
      registers,
    }),
    callDuration: new Histogram({
      name: 'lectern_language_model_call_duration_seconds',
      help: 'Calls of the language model, by how they ended.',
      labelNames: ['model', 'outcome'],
      buckets: modelSeconds,
      registers,
    }),
    tokens: new Counter({
      name: 'lectern_language_model_tokens_total',
      help: 'Tokens that the language models took, of prompts and completions.',
      labelNames: ['model', 'type'],
      registers,
    }),
    answersSaved: new Counter({
      name: 'lectern_answers_saved_total',
      help: 'Answers that this process has written, however they ended.',
      registers,
    }),
    documentsProcessed: new Counter({
      name: 'lectern_documents_processed_total',
      help: 'Documents that this process has made findable.',
      registers,
    }),
    /** Whatever can't be had now keeps what it was. */
    async update(gauges: Gauges): Promise<void> {
      answersRunning.set(gauges.answersRunning());
      const { total, idle, waiting: waitingRequests } = gauges.connections();
      connections.set({ state: 'idle' }, idle);
      connections.set({ state: 'used' }, total - idle);
      waiting.set(waitingRequests);
      lastBackup.set((gauges.lastBackupAt()?.getTime() ?? 0) / 1000);
      await Promise.allSettled([
        gauges.jobs().then(found => {
          jobs.set({ state: 'waiting' }, found.waiting);
          jobs.set({ state: 'running' }, found.running);
          queueAge.set(found.oldestWaitingSeconds);
        }),
        gauges.documents().then(found => {
          documents.reset();
          for (const { state, count } of found) documents.set({ state }, count);
        }),
      ]);
    },
  };
}
