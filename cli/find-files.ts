import type { Dirent, Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join, resolve } from 'node:path';

export type FoundFile = { path: string; sizeBytes: number };
export type Failure = { path: string; reason: string };

export type FoundFiles = {
  files: FoundFile[];
  /** How many were left out, by reason. */
  skipped: Map<string, number>;
  /** Paths that could not be looked at. */
  failed: Failure[];
};

/** What the server reads today; anything else it would answer with 415. */
const readableEndings = ['.txt'];

/**
 * The files that can be ingested at and below the paths, in the order of the paths and of the names in a
 * folder, each once. What a path names itself is taken even when it is hidden; below it, hidden files,
 * node_modules and links to folders (they may lead in circles) are skipped.
 */
export async function findFiles(paths: string[]): Promise<FoundFiles> {
  const search = new Search();
  for (const path of paths) await search.visit(path);
  return search.found;
}

class Search {
  readonly found: FoundFiles = { files: [], skipped: new Map(), failed: [] };
  readonly #seen = new Set<string>();

  async visit(path: string): Promise<void> {
    if (this.#seen.has(resolve(path))) return;
    this.#seen.add(resolve(path));
    try {
      const stats = await stat(path);
      if (stats.isDirectory()) await this.#visitFolder(path);
      else this.#visitFile(path, stats);
    } catch (error) {
      this.found.failed.push({ path, reason: describe(error) });
    }
  }

  async #visitFolder(folder: string): Promise<void> {
    const entries = await readdir(folder, { withFileTypes: true });
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(folder, entry.name);
      const reason = await reasonToSkip(entry, path);
      if (reason === undefined) await this.visit(path);
      else this.#skip(reason);
    }
  }

  #visitFile(path: string, stats: Stats): void {
    if (!stats.isFile()) this.#skip('not a file');
    else if (!readableEndings.includes(extname(path).toLowerCase()))
      this.#skip(`not ${readableEndings.join(', ')}`);
    else this.found.files.push({ path, sizeBytes: stats.size });
  }

  #skip(reason: string): void {
    this.found.skipped.set(reason, (this.found.skipped.get(reason) ?? 0) + 1);
  }
}

async function reasonToSkip(entry: Dirent, path: string): Promise<string | undefined> {
  const name = basename(path);
  if (name.startsWith('.')) return 'hidden';
  if (name === 'node_modules') return 'node_modules';
  if (entry.isSymbolicLink() && (await stat(path).catch(() => undefined))?.isDirectory())
    return 'link to a folder';
  return undefined;
}

function describe(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'no such file or folder';
  if (code === 'EACCES' || code === 'EPERM') return 'no permission to read it';
  if (code === 'ELOOP') return 'a link that leads in circles';
  return error instanceof Error ? error.message : String(error);
}
