import { EventEmitter } from 'node:events';
import pg from 'pg';
import type { Logger } from '../logger.ts';

const CHANNEL = 'lectern';
const RECONNECT_MS = 5_000;

const topics = ['work-added', 'document-finished', 'settings-changed'] as const;
/** `document-finished` comes with the document's id; the others mean all. */
type NoticeTopic = (typeof topics)[number];

/**
 * What processes on one database tell each other so that nobody waits for the next look. A notice can be lost, so
 * whoever listens looks from time to time as well; one's own notices come back, too.
 */
export type Notices = {
  send(topic: NoticeTopic, id?: number): void;
  /** @returns what ends it. */
  on(topic: NoticeTopic, listener: (id: number) => void): () => void;
  close(): Promise<void>;
};

/** Where there is one process only, or no way to listen: it tells itself. */
export function createLocalNotices(): Notices {
  const events = new EventEmitter().setMaxListeners(0);
  return {
    send: (topic, id = 0) => void events.emit(topic, id),
    on(topic, listener) {
      events.on(topic, listener);
      return () => void events.off(topic, listener);
    },
    close: async () => {},
  };
}

/**
 * By LISTEN and NOTIFY. Whoever listens has a connection for it; while that is away, only this process's own notices
 * come.
 */
export function createSharedNotices(pool: pg.Pool, databaseUrl: string, logger: Logger): Notices {
  const local = createLocalNotices();
  const ending = new AbortController();
  let client: pg.Client | undefined;
  let timer: NodeJS.Timeout | undefined;

  const lost = (error?: Error) => {
    if (ending.signal.aborted || timer) return;
    logger.warn({ reason: error?.message }, 'notices of other processes do not come for now');
    client?.removeAllListeners().on('error', () => {});
    client?.end().catch(() => {});
    timer = setTimeout(listen, RECONNECT_MS).unref();
  };
  function listen() {
    timer = undefined;
    const settings = { connectionString: databaseUrl, keepAlive: true, application_name: 'lectern notices' };
    client = new pg.Client({ ...settings, connectionTimeoutMillis: RECONNECT_MS });
    client.on('error', lost).on('end', lost);
    client.on('notification', ({ payload = '' }) => {
      const [name, id] = payload.split(' ');
      const topic = topics.find(known => known === name);
      if (topic) local.send(topic, Number(id));
    });
    client
      .connect()
      .then(() => client?.query(`LISTEN ${CHANNEL}`))
      .catch(lost);
  }

  return {
    send(topic, id = 0) {
      local.send(topic, id);
      pool
        .query('SELECT pg_notify($1, $2)', [CHANNEL, `${topic} ${id}`])
        .catch(error => logger.debug({ err: error, topic }, 'a notice was lost'));
    },
    on(topic, listener) {
      if (!client) listen();
      return local.on(topic, listener);
    },
    async close() {
      ending.abort();
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
