/** A server that other machines are to reach waits for its first administrator where only this one can. */
import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { createSetUpLink } from '../accounts/links/link-store.ts';
import { setUpFile } from '../accounts/links/set-up-file.ts';
import { hasAdmin } from '../accounts/signing-in/sign-in-requirement.ts';
import type { Db } from '../database/open-database.ts';
import type { Logger } from '../logger.ts';

/** Where it listens meanwhile. */
export const WAITING_HOST = '127.0.0.1';
/** One that was made from the terminal, in another process, is noticed within this time. */
const LOOK_MS = 1_000;

type Parts = {
  db: Db;
  logger: Logger;
  server: FastifyInstance;
  dataDir: string;
  /** Where it listens now. */
  url: string;
  /** Where it is to listen. */
  host: string;
};

export type AwaitedAdmin = {
  /** Opened by the first administrator; good once. */
  link: string;
  /** Ends the waiting, when the server stops before there is one. */
  close(): Promise<void>;
};

/** Makes the link, and lets the server listen where it is to once there is an administrator. */
export async function awaitAdmin({ db, logger, server, dataDir, url, host }: Parts): Promise<AwaitedAdmin> {
  const link = `${url}/set-up#${await createSetUpLink(db)}`;
  const file = setUpFile(dataDir);
  // For `lectern create-admin` on the embedded database, which only this process can write to.
  writeFileSync(file, `${link}\n`, { mode: 0o600 });
  const closing = new AbortController();
  const waiting = (async () => {
    while (!(await hasAdmin(db))) await sleep(LOOK_MS, undefined, { signal: closing.signal });
    await moveTo(server, host);
    logger.info(`there is an administrator: listening on ${host}`);
  })()
    .catch(error => {
      if (!closing.signal.aborted)
        logger.error({ err: error }, 'the server could not begin to listen publicly: start it again');
    })
    .finally(() => rmSync(file, { force: true }));
  return {
    link,
    async close() {
      closing.abort();
      await waiting;
    },
  };
}

/** Takes new connections at another address of the same port; those that there are go on. */
async function moveTo({ server }: FastifyInstance, host: string): Promise<void> {
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  server.close();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
