/** Builds the web page into the folder given: `node server/page/build-page-worker.ts FOLDER`. */
import { chmod, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build } from 'vite';
import { compressFiles } from './compress-files.ts';
import { removeOldBuilds } from './remove-old-builds.ts';

const folder = process.argv[2];
if (!folder) throw new Error('Name the folder to build into.');

const web = resolve(import.meta.dirname, '../../web');
const unfinished = await mkdtemp(`${folder}-`);
await build({
  root: web,
  configFile: join(web, 'vite.config.ts'),
  configLoader: 'native',
  logLevel: 'error',
  build: { outDir: unfinished, emptyOutDir: true },
});
await compressFiles(join(unfinished, 'assets'));
// Whoever installs Lectern need not be who runs it.
await chmod(unfinished, 0o755);
// Under its name only when it is whole. Another process may have been faster.
await rename(unfinished, folder).catch(() => rm(unfinished, { recursive: true, force: true }));
await removeOldBuilds(dirname(folder), folder);
