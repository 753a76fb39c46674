import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createApp } from '../../server/app.ts';
import type { Config } from '../../server/config.ts';
import type { Logger } from '../../server/logger.ts';
import { version } from '../../server/version.ts';
import type { DataSet } from '../data-sets/data-set.ts';
import { withVectorCache } from './cached-embedder.ts';
import { VectorCache } from './vector-cache.ts';

export type MeasuringFolder = {
  path: string;
  cache: VectorCache;
  /** Removes the folder if it is a temporary one. */
  close(): Promise<void>;
};

/** @param dataDir what is in it is used again; a temporary folder when undefined. */
export async function openMeasuringFolder(dataDir: string | undefined): Promise<MeasuringFolder> {
  const path = dataDir ?? (await mkdtemp(join(tmpdir(), 'lectern-evaluation-')));
  await mkdir(path, { recursive: true });
  const cache = await VectorCache.open(join(path, 'vectors.bin'));
  return {
    path,
    cache,
    async close() {
      await cache.close();
      if (dataDir === undefined) await rm(path, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

type Options = {
  /** The user's; what would reach the user's data or the network is not taken over. */
  config: Config;
  logger: Logger;
  onDatabaseLost: (error: Error) => void;
  folder: MeasuringFolder;
  /** Ingest again what is there. */
  fresh: boolean;
};

/** The app as it is, on a database of the set's own, on a free loopback port. */
export async function openMeasuringApp(
  set: DataSet,
  { config, logger, onDatabaseLost, folder, fresh }: Options,
): Promise<{ url: string; dataDir: string; close(): Promise<void> }> {
  const dataDir = join(folder.path, `${set.name.replace(/[^\w.-]/g, '-')}-${fingerprint(set, config)}`);
  if (fresh) await rm(dataDir, { recursive: true, force: true });
  const app = await createApp(
    {
      ...config,
      dataDir,
      databaseUrl: undefined,
      host: '127.0.0.1',
      port: 0,
      allowedHosts: [],
      groqApiKey: undefined,
      llmBaseUrl: undefined,
      maxStoredBytes: undefined,
      // What is remembered would be measured instead of a search.
      queryCacheSeconds: 0,
      drainSeconds: 0,
    },
    { logger, onDatabaseLost, wrapEmbedder: embedder => withVectorCache(embedder, folder.cache) },
  );
  try {
    return { url: await app.listen(), dataDir, close: app.close };
  } catch (error) {
    await app.close();
    throw error;
  }
}

/** Another database for other documents, and for what changes how they are stored. */
function fingerprint({ documents }: DataSet, config: Config): string {
  const { chunkSize, chunkOverlap, embeddingModelPath, embeddingBaseUrl, embeddingModel } = config;
  const settings = [version, chunkSize, chunkOverlap, embeddingModelPath, embeddingBaseUrl, embeddingModel];
  const hash = createHash('sha256').update(JSON.stringify(settings));
  for (const { id, filename, content } of documents) hash.update(JSON.stringify([id, filename, content]));
  return hash.digest('hex').slice(0, 12);
}
