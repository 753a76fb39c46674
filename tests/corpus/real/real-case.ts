import { readFile } from 'node:fs/promises';
import { type CorpusCase, type Ready, ready } from '../corpus-case.ts';

/** A file in files/ that another program made; its text lies in texts/ under the same name. */
export function realCase(
  filename: string,
  expected: Omit<Ready, 'state'> | CorpusCase['expected'],
): CorpusCase {
  return {
    what: filename,
    filename,
    bytes: () => readFile(new URL(`../files/${filename}`, import.meta.url)),
    expected: 'state' in expected ? expected : ready(expected),
  };
}
