/** A server that other machines are to reach waits for its first administrator where only this one can. */
import { rmSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { createSetUpLink, requireLink } from '../accounts/links/link-store.ts';
import { readSetUpLink, setUpFile, setUpLinks } from '../accounts/links/set-up-file.ts';
import { hasAdmin } from '../accounts/signing-in/sign-in-requirement.ts';
import type { Db } from '../database/open-database.ts';
import { RequestError } from '../errors.ts';
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
  /** How people will reach it. */
  publicUrl?: string | undefined;
};

export type AwaitedAdmin = {
  /** The link to be opened by the first administrator, good once: as people reach the server, and on this machine. */
  links: string[];
  /** Ends the waiting, when the server stops before there is one. */
  close(): Promise<void>;
};

/** Makes the link, and lets the server listen where it is to once there is an administrator. */
export async function awaitAdmin(parts: Parts): Promise<AwaitedAdmin> {
  const { db, logger, server, dataDir, url, host, publicUrl } = parts;
  const file = setUpFile(dataDir);
  const token = (await findToken(db, dataDir)) ?? (await createSetUpLink(db));
  const link = `${url}/set-up#${token}`;
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
    links: setUpLinks(link, publicUrl),
    async close() {
      closing.abort();
      await waiting;
    },
  };
}

/** A server that was killed while it waited has left it. */
export const forgetSetUpLink = (dataDir: string): void => rmSync(setUpFile(dataDir), { force: true });

/** That of another process of this data folder, or of the start before, when it is still good: one link is enough. */
async function findToken(db: Db, dataDir: string): Promise<string | undefined> {
  const link = readSetUpLink(dataDir);
  if (link === undefined) return undefined;
  const token = new URL(link).hash.slice(1);
  try {
    await requireLink(db, 'set_up', token);
    return token;
  } catch (error) {
    if (error instanceof RequestError) return undefined;
    throw error;
  }
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
