import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';
import { setV8Flags } from '../../v8-flags.ts';

/**
 * PostgreSQL in this thread. The buffer is a quarter of PGlite's default: 128 MB of it would be resident
 * for good, and the operating system's cache holds the same pages.
 */
export async function openPGlite(postgresFolder: string): Promise<PGlite> {
  setV8Flags();
  return PGlite.create({
    dataDir: postgresFolder,
    extensions: { vector },
    startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB'],
  });
}
