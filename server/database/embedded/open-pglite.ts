import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';

/**
 * How much of a function V8 lets run before its optimising compiler takes it on, 150 times V8's own budget. Each jump back
 * is charged with its length, so that the one large loop of PostgreSQL's parser would soon have spent it: compiling that
 * takes a second and 600 MB, while the server starts (docs/decisions/0012-memory.md).
 */
const TIERING_BUDGET = 2_000_000_000;

/**
 * PostgreSQL in this thread. The buffer is a quarter of PGlite's default: 128 MB of it would be resident
 * for good, and the operating system's cache holds the same pages.
 */
export async function openPGlite(postgresFolder: string): Promise<PGlite> {
  setFlagsFromString(`--wasm-tiering-budget=${TIERING_BUDGET}`);
  return PGlite.create({
    dataDir: postgresFolder,
    extensions: { vector },
    startParams: [...PGlite.defaultStartParams, '-c', 'shared_buffers=32MB'],
  });
}
