import type { Config } from '../config.ts';
import { type OpenDatabase, openDatabase } from '../database/open-database.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { readTls } from '../http/tls.ts';
import type { Logger } from '../logger.ts';
import { createEmbedder } from './create-embedder.ts';

export type OpenedParts = { database: OpenDatabase; embedder: Embedder };

type Options = {
  logger: Logger;
  /** The embedded database ended by itself: the process can't go on. */
  onDatabaseLost: (error: Error) => void;
  /** Both start in threads of their own now, and this one is free. */
  onStart?: () => void;
};

/**
 * Opens the database and the embedding model, which start in threads of their own.
 *
 * @throws StartError when something is missing or wrong; then nothing stays open.
 */
export async function openParts(
  config: Config,
  { logger, onDatabaseLost, onStart }: Options,
): Promise<OpenedParts> {
  const { dataDir, databaseUrl, databaseTimeoutSeconds, tlsCert, tlsKey } = config;
  // Before anything is opened that would have to be closed again.
  if (tlsCert && tlsKey) await readTls({ certificate: tlsCert, key: tlsKey });
  const [database, embedder] = await openBoth(
    openDatabase({ databaseUrl, dataDir, databaseTimeoutSeconds, logger, onLost: onDatabaseLost }),
    createEmbedder(config, onStart),
  );
  return { database, embedder };
}

/** Both, or neither: when one fails the other is closed again. */
async function openBoth<A extends { close(): Promise<void> }, B extends { close(): Promise<void> }>(
  first: Promise<A>,
  second: Promise<B>,
): Promise<[A, B]> {
  try {
    return await Promise.all([first, second]);
  } catch (error) {
    const opened = await Promise.allSettled([first, second]);
    for (const one of opened) if (one.status === 'fulfilled') await one.value.close();
    throw error;
  }
}
