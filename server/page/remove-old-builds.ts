import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Besides the newest: a server that is still running may serve one of them. */
const KEPT_BUILDS = 4;
/** Another process may be building into a younger folder. */
const YOUNG_MS = 3_600_000;

type Aged = { path: string; ageMs: number };

/** Removes all builds of the page but the newest few. */
export async function removeOldBuilds(builds: string, newest: string): Promise<void> {
  const folders = (await readdir(builds)).map(name => join(builds, name)).filter(path => path !== newest);
  const aged = (await Promise.all(folders.map(readAge))).filter(folder => folder !== undefined);
  aged.sort((one, other) => one.ageMs - other.ageMs);
  for (const { path, ageMs } of aged.slice(KEPT_BUILDS))
    if (ageMs > YOUNG_MS) await rm(path, { recursive: true, force: true });
}

/** Undefined for a folder that is gone: another process has given it its name, or removed it. */
async function readAge(path: string): Promise<Aged | undefined> {
  const found = await stat(path).catch(() => undefined);
  return found && { path, ageMs: Date.now() - found.mtimeMs };
}
