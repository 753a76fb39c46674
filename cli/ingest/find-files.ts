import type { Dirent, Stats } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { isReadableName } from '../../server/documents/reading/detect-format.ts';
import { IgnoreRules } from './ignore-rules.ts';

export type FoundFile = {
  path: string;
  sizeBytes: number;
  /** Changes with the file's bytes, as far as a look from outside can tell. */
  fingerprint: string;
  /** When it was last written to, in ms since 1970. */
  writtenMs: number;
};
export type Failure = { path: string; reason: string };

export type FoundFiles = {
  files: FoundFile[];
  /** How many were left out, by reason. */
  skipped: Map<string, number>;
  /** Links that were left out, because they lead out of the folder. */
  linksOutside: string[];
  /** Folders that were left out. */
  skippedFolders: Set<string>;
  /** Paths that could not be looked at. */
  failed: Failure[];
};

/** Where a search is: paths of ignore rules are relative to the folder that it began in. */
type Place = {
  rules: IgnoreRules;
  relativePath: string;
  /** The folder that the search began in, without links. */
  root: string;
};

/**
 * The files that can be ingested at and below the paths, in the order of the paths and of the names in a
 * folder, each once. What a path names itself is taken even when it is hidden; below it, what `exclude` (patterns
 * as in a .gitignore) or an ignore file leaves out, hidden files, node_modules, links to folders (they may lead
 * in circles) and links to files outside of the folder (nobody meant these) are skipped.
 */
export async function findFiles(paths: string[], exclude: readonly string[] = []): Promise<FoundFiles> {
  const search = new Search(IgnoreRules.of(exclude));
  for (const path of paths) await search.visit(path);
  return search.found;
}

class Search {
  readonly found: FoundFiles = {
    files: [],
    skipped: new Map(),
    linksOutside: [],
    skippedFolders: new Set(),
    failed: [],
  };
  readonly #seen = new Set<string>();
  readonly #excluded: IgnoreRules;

  constructor(excluded: IgnoreRules) {
    this.#excluded = excluded;
  }

  async visit(path: string, place?: Place): Promise<void> {
    if (this.#seen.has(resolve(path))) return;
    this.#seen.add(resolve(path));
    try {
      const stats = await stat(path);
      const beginning = { rules: IgnoreRules.of([]), relativePath: '' };
      if (stats.isDirectory())
        await this.#visitFolder(path, place ?? { ...beginning, root: await realpath(path) });
      else this.#visitFile(path, stats);
    } catch (error) {
      this.found.failed.push({ path, reason: describe(error) });
    }
  }

  async #visitFolder(folder: string, { rules, relativePath, root }: Place): Promise<void> {
    const inner = await rules.enter(folder, relativePath);
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      const place = {
        root,
        rules: inner,
        relativePath: relativePath + entry.name + (entry.isDirectory() ? '/' : ''),
      };
      const reason = (await reasonToSkip(entry, path, root)) ?? this.#reasonToIgnore(place);
      if (reason === undefined) await this.visit(path, place);
      else this.#skip(reason, entry.isDirectory() ? path : undefined);
      if (reason === LINK_OUTSIDE) this.found.linksOutside.push(path);
    }
  }

  #reasonToIgnore({ rules, relativePath }: Place): string | undefined {
    if (this.#excluded.ignores(relativePath)) return 'excluded';
    return rules.ignores(relativePath) ? 'ignored' : undefined;
  }

  #visitFile(path: string, stats: Stats): void {
    if (!stats.isFile()) this.#skip('not a file');
    else if (!isReadableName(basename(path))) this.#skip('of a kind that is not read');
    else this.found.files.push(toFoundFile(path, stats));
  }

  #skip(reason: string, folder?: string): void {
    this.found.skipped.set(reason, (this.found.skipped.get(reason) ?? 0) + 1);
    if (folder !== undefined) this.found.skippedFolders.add(folder);
  }
}

function toFoundFile(path: string, { size, ino, mtimeMs, ctimeMs }: Stats): FoundFile {
  return {
    path,
    sizeBytes: size,
    fingerprint: [size, ino, mtimeMs, ctimeMs].join(' '),
    writtenMs: mtimeMs,
  };
}

const LINK_OUTSIDE = 'link out of the folder';

async function reasonToSkip(entry: Dirent, path: string, root: string): Promise<string | undefined> {
  const name = basename(path);
  if (name.startsWith('.')) return 'hidden';
  if (name === 'node_modules') return 'node_modules';
  if (!entry.isSymbolicLink()) return undefined;
  const target = await stat(path).catch(() => undefined);
  if (!target) return undefined; // Visiting it says why.
  if (target.isDirectory()) return 'link to a folder';
  return isBelow(root, await realpath(path)) ? undefined : LINK_OUTSIDE;
}

function isBelow(root: string, path: string): boolean {
  const way = relative(root, path);
  return !isAbsolute(way) && way.split(sep)[0] !== '..';
}

function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'no such file or folder';
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it';
  if (code === 'ELOOP') return 'a link that leads in circles';
  return error instanceof Error ? error.message : String(error);
}
