import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, constants, mkdir, readdir, readFile } from 'node:fs/promises';
import { getPriority, setPriority } from 'node:os';
import { join, relative, resolve } from 'node:path';
import type { Logger } from '../logger.ts';

const root = resolve(import.meta.dirname, '../..');
const worker = join(import.meta.dirname, 'build-page-worker.ts');
/** What a build is made from; the lock file names the exact packages. */
const sources = ['web', 'contract', 'evaluation/figures', 'samples', 'package-lock.json'];
/** A build takes seconds; on a very slow machine more. */
const BUILD_TIMEOUT_MS = 180_000;

/** Above this process: somebody may wait for the page, but who uses the server already comes first. */
const BUILD_NICENESS = 5;

type PageState =
  | { state: 'building' }
  | { state: 'ready'; folder: string; html: string }
  | { state: 'failed' };

/** The built web page, which may still be in the making. */
export type Page = {
  /**
   * Begins to look for the page, and to build it if need be: for when nobody waits for the server any more.
   *
   * @returns when it is there, or could not be built.
   */
  prepare(): Promise<void>;
  /** Prepares it as well. Doesn't wait for a build, only until it is known whether there must be one. */
  state(): Promise<PageState>;
  close(): Promise<void>;
};

type Options = {
  dataDir: string;
  logger: Logger;
  /** False: another process builds it, this one only looks for what is built. */
  builds?: boolean;
};

/**
 * Finds the build of the page's present sources, or makes it in a process of its own; nobody waits for it.
 * Builds are kept by a hash of the sources, so a changed source is a new build and an old one costs nothing.
 */
export function providePage({ dataDir, logger, builds = true }: Options): Page {
  const ending = new AbortController();
  let state: PageState = { state: 'building' };
  let preparation: { finding: Promise<string>; looked: Promise<void>; settled: Promise<void> } | undefined;

  function begun() {
    preparation ??= begin();
    return preparation;
  }
  function begin() {
    const finding = findFolder(dataDir);
    const looked = finding.then(serveIfBuilt).catch(fail);
    const settled = builds ? looked.then(() => finding.then(buildIfMissing)).catch(fail) : looked;
    return { finding, looked, settled };
  }
  async function serveIfBuilt(folder: string) {
    const path = join(folder, 'index.html');
    if (await isReadable(path)) state = { state: 'ready', folder, html: await readFile(path, 'utf8') };
  }
  async function buildIfMissing(folder: string) {
    if (state.state !== 'building') return;
    const startedAt = performance.now();
    await runWorker(folder, ending.signal);
    logger.info({ ms: Math.round(performance.now() - startedAt) }, 'the web page is built');
    await serveIfBuilt(folder);
  }
  function fail(error: unknown) {
    if (state.state === 'building' && !ending.signal.aborted)
      logger.error({ err: error }, 'the web page could not be built');
    state = { state: 'failed' };
  }

  return {
    prepare: () => begun().settled,
    async state() {
      const { finding, looked } = begun();
      await looked;
      if (!builds && state.state === 'building') await finding.then(serveIfBuilt).catch(fail);
      return state;
    },
    async close() {
      ending.abort();
      await preparation?.settled;
    },
  };
}

/**
 * Builds lie beside the sources, so that all data folders share them; in the data folder when that can't be written, as
 * where an administrator has installed the program, and then that one's build is taken if it is there.
 *
 * @returns the folder of the build of the present sources, whether it is there or not.
 */
async function findFolder(dataDir: string): Promise<string> {
  const shared = join(root, '.tmp/page');
  const build = await hashSources();
  if (await isReadable(join(shared, build, 'index.html'))) return join(shared, build);
  try {
    await mkdir(shared, { recursive: true });
    await access(shared, constants.W_OK);
    return join(shared, build);
  } catch {
    const own = join(resolve(dataDir), 'page');
    await mkdir(own, { recursive: true });
    return join(own, build);
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
    const { pid } = execFile(process.execPath, [worker, folder], options, (error, _, stderr) => {
      if (error) fail(new Error(`the build of the web page failed: ${stderr}`, { cause: error }));
      else done();
    });
    // At once, so that all threads of the process begin with it.
    if (pid !== undefined) makeNicer(pid);
  });
}

function makeNicer(pid: number): void {
  try {
    setPriority(pid, Math.min(getPriority() + BUILD_NICENESS, 19));
  } catch {} // It has ended already, or this is not allowed: it goes on as it is.
}

const isReadable = (path: string) =>
  access(path, constants.R_OK).then(
    () => true,
    () => false,
  );
