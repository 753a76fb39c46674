import { realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * What a document's `source` says of a file: the machine and the path, by which a later run finds the document
 * again. Folders are named without links, so that a file has one source however it is reached.
 *
 * @example await sourceOf('notes/a b.md') // 'file://laptop/home/ada/notes/a%20b.md'
 */
export async function sourceOf(path: string): Promise<string> {
  const absolute = resolve(path);
  return toSource(join(await realpath(dirname(absolute)), basename(absolute)));
}

/** The source of a path that is absolute and without links. */
export function toSource(path: string): string {
  return `file://${encodeURIComponent(hostname().toLowerCase())}${pathToFileURL(path).pathname}`;
}
