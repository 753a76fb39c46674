import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import ignore, { type Ignore } from 'ignore';

/** In the order in which they hold: what is Lectern's own wins over git's. */
const ignoreFiles = ['.gitignore', '.lecternignore'];

/** As git compares names by default. */
const options = { ignorecase: process.platform !== 'linux' };

/**
 * What the ignore files of a folder and of those above it leave out, as git reads them (gitignore(5)): a pattern
 * holds below its file, and nearer files win over farther ones. Nothing above the folder that is searched counts.
 */
export class IgnoreRules {
  readonly #rules: Ignore;

  private constructor(rules: Ignore) {
    this.#rules = rules;
  }

  /** Patterns of the command line, relative to the folder that is searched. */
  static of(patterns: readonly string[]): IgnoreRules {
    return new IgnoreRules(ignore(options).add(patterns));
  }

  /** @param path relative to the folder that is searched, with `/`; that of a folder ends with one. */
  ignores(path: string): boolean {
    return this.#rules.ignores(path);
  }

  /**
   * These rules and those of the ignore files in a folder.
   *
   * @param path relative to the folder that is searched, '' or ending with `/`.
   * @throws when an ignore file is there and can't be read: what it hides must not be taken.
   */
  async enter(folder: string, path: string): Promise<IgnoreRules> {
    const texts = await Promise.all(ignoreFiles.map(name => readIfThere(join(folder, name))));
    const patterns = texts.flatMap(text => text.split(/\r?\n/)).flatMap(line => moveBelow(line, path));
    return patterns.length === 0 ? this : new IgnoreRules(ignore(options).add(this.#rules).add(patterns));
  }
}

export function isIgnoreFile(name: string): boolean {
  return ignoreFiles.includes(name);
}

async function readIfThere(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // A folder of that name is no ignore file for git either.
    if (code === 'ENOENT' || code === 'EISDIR') return '';
    throw error;
  }
}

/**
 * A pattern of an ignore file in `path`, as it would stand in the folder that is searched.
 *
 * @example moveBelow('!*.md', 'a/') // ['!/a/**\/*.md']
 */
function moveBelow(line: string, path: string): string[] {
  if (line.trim() === '' || line.startsWith('#')) return [];
  if (path === '') return [line];
  const [, negation = '', pattern = ''] = /^(!?)(.*)$/s.exec(line) ?? [];
  const folder = `/${path.replace(/[\\*?[\]!# ]/g, '\\$&')}`;
  // With a slash before its end a pattern is tied to its folder, else it holds at any depth.
  const isTied = /\/./.test(pattern.trimEnd());
  return [`${negation}${folder}${isTied ? pattern.replace(/^\//, '') : `**/${pattern}`}`];
}
