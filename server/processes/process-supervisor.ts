import cluster, { type Worker } from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import { StartError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { backOffMs } from './back-off.ts';
import { MetricsGatherer } from './gather-metrics.ts';
import { deathMessage, drainingMessage, readyMessage } from './process-messages.ts';

/** One that has lived so long is no failure of its start. */
const STABLE_MS = 60_000;
/** A process that has not ended so long after its time for draining is killed. */
const STOP_PATIENCE_MS = 30_000;
const LOOK_MS = 250;

type Options = {
  count: number;
  /** The file that a process runs, and Node's flags for it. */
  program: { exec: string; execArgv: string[] };
  /** What the environment of the process at this place, from 1, has beside this one's. */
  envOf: (place: number) => Record<string, string>;
  /** Of a process that has not said how long it takes. */
  drainMs: number;
  stopPatienceMs?: number;
  logger: Logger;
};

type Child = {
  worker: Worker;
  startedAt: number;
  /** Its URL; rejects when it ends before. */
  ready: Promise<string>;
  ended: Promise<void>;
  owner?: string;
  drainMs: number;
};

/**
 * Runs the server in several processes that share one port (node:cluster): this one takes connections and hands them
 * out in turn. A process that dies is replaced, and another is told at once what it has left behind.
 */
export class ProcessSupervisor {
  readonly #options: Options;
  /** Those that serve, by place. */
  readonly #serving = new Map<number, Child>();
  readonly #children = new Set<Child>();
  readonly #failures = new Map<number, number>();
  /** Of the dead of whom nobody living has been told yet. */
  readonly #unreleased = new Set<string>();
  readonly #metrics = new MetricsGatherer();
  readonly #stopping = new AbortController();
  #restarting: Promise<void> = Promise.resolve();

  constructor(options: Options) {
    this.#options = options;
    const { exec, execArgv } = options.program;
    cluster.schedulingPolicy = cluster.SCHED_RR;
    cluster.setupPrimary({ exec, execArgv, args: [] });
  }

  /**
   * Starts the first process and, once it serves, the others: what is wrong with the settings or the database is said
   * once, and tables are brought up to date by one.
   *
   * @returns the URL.
   * @throws StartError when the first one ends before it serves; it has said why.
   */
  async start(): Promise<string> {
    const first = this.#launch(1);
    const url = await first.ready;
    this.#serving.set(1, first);
    const others = Array.from({ length: this.#options.count - 1 }, (_, index) => index + 2);
    await Promise.all(others.map(place => this.#occupy(place)));
    return url;
  }

  /** Replaces one process after the other; an old one ends when the new one in its place serves. */
  restartAll(): Promise<void> {
    this.#restarting = this.#restarting.then(async () => {
      const { count, logger } = this.#options;
      logger.info({ processes: count }, 'restarting one process after the other');
      for (let place = 1; place <= count && !this.#stopping.signal.aborted; place += 1)
        if (!(await this.#replace(place))) return;
      logger.info('every process is new');
    });
    return this.#restarting;
  }

  /** Lets all processes end their work, and resolves when they have ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const children = [...this.#children];
    for (const { worker } of children) worker.process.kill('SIGTERM');
    const { stopPatienceMs = STOP_PATIENCE_MS } = this.#options;
    const startedMs = performance.now();
    const timer = setInterval(() => {
      for (const { worker, drainMs } of this.#children)
        if (performance.now() - startedMs > drainMs + stopPatienceMs) worker.process.kill('SIGKILL');
    }, LOOK_MS);
    await Promise.all(children.map(({ ended }) => ended));
    clearInterval(timer);
  }

  /** Starts a process at a place until one serves there. */
  async #occupy(place: number): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted && !this.#serving.has(place)) {
      const waitMs = backOffMs(this.#failures.get(place) ?? 0);
      await sleep(waitMs, undefined, { signal }).catch(() => {});
      if (signal.aborted || this.#serving.has(place)) return;
      const child = this.#launch(place);
      const isReady = await child.ready.then(
        () => true,
        () => false,
      );
      if (!isReady) this.#noteFailure(place);
      // A restart of all may have been faster.
      else if (this.#serving.has(place)) child.worker.process.kill('SIGTERM');
      else this.#serving.set(place, child);
    }
  }

  /** @returns whether a new process serves at the place. */
  async #replace(place: number): Promise<boolean> {
    const next = this.#launch(place);
    try {
      await next.ready;
    } catch {
      if (!this.#stopping.signal.aborted)
        this.#options.logger.error({ place }, 'the new process does not get ready: the old ones stay');
      return false;
    }
    const old = this.#serving.get(place);
    this.#serving.set(place, next);
    old?.worker.process.kill('SIGTERM');
    await old?.ended;
    return true;
  }

  #launch(place: number): Child {
    const worker = cluster.fork(this.#options.envOf(place));
    const ready = Promise.withResolvers<string>();
    const ended = Promise.withResolvers<void>();
    const child: Child = {
      worker,
      startedAt: performance.now(),
      ready: ready.promise,
      ended: ended.promise,
      drainMs: this.#options.drainMs,
    };
    this.#children.add(child);
    worker.on('message', message => {
      this.#metrics.take(worker, message, () => [...this.#children].map(one => one.worker));
      const draining = drainingMessage.safeParse(message);
      if (draining.success) child.drainMs = draining.data.drainMs;
      const sent = readyMessage.safeParse(message);
      if (!sent.success) return;
      child.owner = sent.data.owner;
      this.#options.logger.info({ place, pid: worker.process.pid }, 'a process serves');
      ready.resolve(sent.data.url);
      this.#releaseDead(child);
    });
    worker.on('error', error =>
      this.#options.logger.warn({ err: error, place }, 'a process is out of reach'),
    );
    worker.once('exit', (code, signal) => {
      this.#children.delete(child);
      ready.reject(new StartError('A process ended before it was ready; what it said stands above.'));
      ended.resolve();
      this.#noteEnd(place, child, code === 0 ? undefined : (signal ?? `code ${code}`));
    });
    // Whoever waits for it handles it.
    ready.promise.catch(() => {});
    return child;
  }

  /** @param cause undefined when it has ended as it should, which leaves nothing behind. */
  #noteEnd(place: number, child: Child, cause: string | undefined): void {
    const { logger } = this.#options;
    if (cause !== undefined && child.owner !== undefined) {
      this.#unreleased.add(child.owner);
      const [heir] = [...this.#serving.values()].filter(one => one !== child);
      if (heir) this.#releaseDead(heir);
    }
    if (this.#serving.get(place) !== child || this.#stopping.signal.aborted) return;
    this.#serving.delete(place);
    if (performance.now() - child.startedAt > STABLE_MS) this.#failures.delete(place);
    this.#noteFailure(place);
    logger.error(
      { place, pid: child.worker.process.pid, cause: cause ?? 'by itself' },
      'a process has died and is started again',
    );
    this.#occupy(place).catch(error => logger.error({ err: error, place }, 'a process could not be started'));
  }

  #noteFailure(place: number): void {
    this.#failures.set(place, (this.#failures.get(place) ?? 0) + 1);
  }

  #releaseDead({ worker }: Child): void {
    for (const owner of this.#unreleased) {
      if (!worker.isConnected()) return;
      worker.send(deathMessage.encode({ type: 'process-died', owner }));
      this.#unreleased.delete(owner);
    }
  }
}
