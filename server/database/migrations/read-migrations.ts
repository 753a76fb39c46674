import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';

export type Migration = { version: number; name: string; text: string; sha256: string };

/** All numbered SQL files, in their order. */
export async function readMigrations(): Promise<Migration[]> {
  const folder = new URL('./', import.meta.url);
  const names = (await readdir(folder)).filter(name => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async name => {
      const text = await readFile(new URL(name, folder), 'utf8');
      const sha256 = createHash('sha256').update(text).digest('hex');
      return { version: Number.parseInt(name, 10), name, text, sha256 };
    }),
  );
}
