import { stat } from 'node:fs/promises';
import { FileError } from '../api-errors.ts';
import { type Failure, findFiles } from '../ingest/find-files.ts';
import { toSource } from './document-source.ts';
import type { HashCache } from './hash-cache.ts';
import type { LocalFile } from './plan-sync.ts';

export type Look = {
  files: LocalFile[];
  /** True of sources whose files may be there, but can't be read now or are still being written. */
  isUnknown: (source: string) => boolean;
  /** Some files are still being written. */
  unsettled: boolean;
  failures: Failure[];
  skippedFolders: Set<string>;
};

type LookOptions = { exclude: readonly string[]; hashes: HashCache; signal: AbortSignal; settleMs: number };

/**
 * The folder's files as they are now; undefined when the folder itself is not there. A file counts as still being
 * written until nobody has written to it for `settleMs`: half of it must not be sent.
 */
export async function lookAtFolder(root: string, options: LookOptions): Promise<Look | undefined> {
  const { exclude, hashes, signal, settleMs } = options;
  if (!(await isFolder(root))) return undefined;
  const found = await findFiles([root], exclude);
  // It went away in between.
  if (found.failed.some(({ path }) => path === root)) return undefined;
  hashes.keepOnly(found.files);
  const look: Look = {
    files: [],
    isUnknown: source => unknown.has(source) || unreadable.some(above => isWithin(source, above)),
    unsettled: false,
    failures: found.failed,
    skippedFolders: found.skippedFolders,
  };
  const unknown = new Set<string>();
  const unreadable = found.failed.map(({ path }) => toSource(path));
  for (const file of found.files) {
    const source = toSource(file.path);
    try {
      // A clock that differs (a network drive) makes the age meaningless: only a time close to now says something.
      if (Math.abs(Date.now() - file.writtenMs) < settleMs) look.unsettled = true;
      else {
        look.files.push({ path: file.path, source, sha256: await hashes.hash(file, signal) });
        continue;
      }
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      look.failures.push({ path: file.path, reason: error.message });
    }
    unknown.add(source);
  }
  return look;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}

const isWithin = (source: string, above: string) => source === above || source.startsWith(`${above}/`);
