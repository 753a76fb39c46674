import type { FoundFile } from '../ingest/find-files.ts';
import { hashFile } from '../ingest/hash-file.ts';

/** Hashes of files, each reckoned again only when the file looks changed from outside. */
export class HashCache {
  readonly #known = new Map<string, { fingerprint: string; sha256: string }>();

  /** @throws FileError when the file can't be read. */
  async hash({ path, fingerprint }: FoundFile, signal: AbortSignal): Promise<string> {
    const known = this.#known.get(path);
    if (known?.fingerprint === fingerprint) return known.sha256;
    const sha256 = await hashFile(path, signal);
    this.#known.set(path, { fingerprint, sha256 });
    return sha256;
  }

  keepOnly(files: readonly FoundFile[]): void {
    const paths = new Set(files.map(({ path }) => path));
    for (const path of this.#known.keys()) if (!paths.has(path)) this.#known.delete(path);
  }
}
