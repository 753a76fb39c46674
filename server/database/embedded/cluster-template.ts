import { createHash } from 'node:crypto';
import { cpSync, existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readMigrations } from '../migrations/read-migrations.ts';

const packages = resolve(import.meta.dirname, '../../../node_modules');
/** What `npm ci` removes with the packages, and makes anew. */
const templates = join(packages, '.cache/clusters');

/**
 * Copies the cluster that was made when Lectern was installed, with its tables. Making one takes seconds, copying it a
 * fraction of one, in which this thread does nothing else.
 *
 * @param postgresFolder where the cluster is to be; not there yet.
 * @returns false when there is no such cluster, as after `npm ci --ignore-scripts`, or none that may be read.
 */
export async function copyClusterTemplate(postgresFolder: string): Promise<boolean> {
  try {
    // Hundreds of small files: waiting for each takes half as long again.
    cpSync(await templateFolder(), postgresFolder, { recursive: true });
    return true;
  } catch {
    await rm(postgresFolder, { recursive: true, force: true });
    return false;
  }
}

/**
 * Keeps a cluster for the next data folders, in place of what was kept before.
 *
 * @param make creates it, closed and without data, in the `postgres` folder of the data folder that it is given.
 */
export async function keepClusterTemplate(make: (dataDir: string) => Promise<void>): Promise<void> {
  const template = await templateFolder();
  if (existsSync(template)) return;
  // Renamed when it is whole. Several may make one at a time: the first to finish wins.
  const unfinished = `${template}.${process.pid}`;
  try {
    await mkdir(unfinished, { recursive: true });
    await make(unfinished);
    await removeOthers(template);
    const postgresFolder = join(unfinished, 'postgres');
    await allowReading(postgresFolder);
    await rename(postgresFolder, template);
  } catch (error) {
    if (!existsSync(template)) throw error;
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
}

/** Whoever installs Lectern need not be who runs it. */
async function allowReading(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o755 : 0o644);
}

async function removeOthers(template: string): Promise<void> {
  for (const name of await readdir(templates))
    if (!join(templates, name).startsWith(template))
      await rm(join(templates, name), { recursive: true, force: true });
}

/** Another PGlite, another way to make a cluster and other tables have another one. */
async function templateFolder(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of ['pglite', 'pglite-pgvector'])
    hash.update(await readFile(join(packages, '@electric-sql', name, 'package.json')));
  for (const name of ['open-pglite.ts', 'initialise-embedded-database.ts'])
    hash.update(await readFile(join(import.meta.dirname, name)));
  for (const { sha256 } of await readMigrations()) hash.update(sha256);
  return join(templates, hash.digest('hex').slice(0, 16));
}
