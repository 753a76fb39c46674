import { setFlagsFromString } from 'node:v8';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';

/**
 * How much of a function V8 lets run before it compiles it once more, by its optimising compiler: 150 times its own
 * measure, which counts a step of a large loop as if it ran through the whole function. PostgreSQL's parser alone
 * would be compiled for a second, with 600 MB, while the server starts (docs/decisions/0012-memory.md).
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
