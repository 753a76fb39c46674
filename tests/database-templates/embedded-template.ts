import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { schemaFingerprint } from './schema-fingerprint.ts';

const root = resolve(import.meta.dirname, '../..');

/**
 * Puts a fresh, migrated cluster into a data folder. Creating one takes seconds and copying one milliseconds,
 * so it is created once for all runs and kept in the folder for temporary files.
 */
export async function copyEmbeddedCluster(dataDir: string): Promise<void> {
  const template = join(tmpdir(), `lectern-test-cluster-${await fingerprint()}`);
  if (!existsSync(template)) await createTemplate(template);
  await cp(template, join(dataDir, 'postgres'), { recursive: true });
}

/** Renamed when it is whole: test files run in processes side by side, and the first to finish wins. */
async function createTemplate(template: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-test-new-cluster-'));
  const script = join(root, 'tests/database-templates/create-embedded-template.ts');
  try {
    await promisify(execFile)(process.execPath, [script, folder]);
    await rename(join(folder, 'postgres'), template);
  } catch (error) {
    if (!existsSync(template)) throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Another PGlite, another way to open it or another schema makes another cluster. */
async function fingerprint(): Promise<string> {
  const hash = createHash('sha256').update(await schemaFingerprint());
  const packages = ['@electric-sql/pglite', '@electric-sql/pglite-pgvector'];
  const files = [
    ...packages.map(name => `node_modules/${name}/package.json`),
    'server/database/embedded/open-pglite.ts',
    'server/database/embedded/initialise-embedded-database.ts',
  ];
  for (const file of files) hash.update(await readFile(join(root, file)));
  return hash.digest('hex').slice(0, 16);
}
