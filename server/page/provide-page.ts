import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, constants, mkdir, readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { Logger } from '../logger.ts';

const root = resolve(import.meta.dirname, '../..');
const worker = join(import.meta.dirname, 'build-page-worker.ts');
/** What a build is made from; the lock file names the exact packages. */
const sources = ['web', 'contract', 'evaluation/figures', 'samples', 'package-lock.json'];
/** A build takes seconds; on a very slow machine more. */
const BUILD_TIMEOUT_MS = 180_000;

type PageState =
  | { state: 'preparing' }
  | { state: 'ready'; folder: string; html: string }
  | { state: 'failed' };

/** The built web page, which may still be in the making. */
export type Page = {
  state(): PageState;
  /** Once there is nothing more to wait for. */
  settled: Promise<void>;
  close(): Promise<void>;
};

type Options = { dataDir: string; logger: Logger };

/**
 * Finds the build of the page's present sources, or makes it in a process of its own; nobody waits for it.
 * Builds are kept by a hash of the sources, so a changed source is a new build and an old one costs nothing.
 */
export function providePage({ dataDir, logger }: Options): Page {
  const ending = new AbortController();
  let state: PageState = { state: 'preparing' };
  const settled = findOrBuild(dataDir, logger, ending.signal).then(
    folder =>
      readFile(join(folder, 'index.html'), 'utf8').then(html => {
        state = { state: 'ready', folder, html };
      }),
    error => {
      state = { state: 'failed' };
      if (!ending.signal.aborted) logger.error({ err: error }, 'the web page could not be built');
    },
  );
  return {
    state: () => state,
    settled,
    async close() {
      ending.abort();
      await settled;
    },
  };
}

/** @returns the folder of the build. */
async function findOrBuild(dataDir: string, logger: Logger, signal: AbortSignal): Promise<string> {
  const builds = await findBuildsFolder(dataDir);
  const folder = join(builds, await hashSources());
  if (await exists(join(folder, 'index.html'))) return folder;
  const startedAt = performance.now();
  await runWorker(folder, signal);
  logger.info({ ms: Math.round(performance.now() - startedAt) }, 'the web page is built');
  return folder;
}

/** Beside the sources, so that all data folders share the builds; in the data folder when that can't be written. */
async function findBuildsFolder(dataDir: string): Promise<string> {
  const shared = join(root, '.tmp/page');
  try {
    await mkdir(shared, { recursive: true });
    await access(shared, constants.W_OK);
    return shared;
  } catch {
    const own = join(resolve(dataDir), 'page');
    await mkdir(own, { recursive: true });
    return own;
  }
}

async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const source of sources)
    for (const path of await listFiles(join(root, source))) {
      const content = await readFile(path);
      hash.update(`${relative(root, path)}\0${content.length}\0`).update(content);
    }
  return hash.digest('hex').slice(0, 16);
}

async function listFiles(path: string): Promise<string[]> {
  if (path.endsWith('.json')) return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter(entry => entry.isFile())
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
}

function runWorker(folder: string, signal: AbortSignal): Promise<void> {
  return new Promise((done, fail) => {
    const options = { cwd: root, signal, timeout: BUILD_TIMEOUT_MS };
    execFile(process.execPath, [worker, folder], options, (error, _, stderr) => {
      if (error) fail(new Error(`the build of the web page failed: ${stderr}`, { cause: error }));
      else done();
    });
  });
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
