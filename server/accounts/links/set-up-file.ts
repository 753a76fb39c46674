import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Holds the link for the first administrator while a server waits for one; only its user can read it. */
export const setUpFile = (dataDir: string): string => join(dataDir, 'set-up-link');

/** The link in it; undefined while nobody is awaited. */
export function readSetUpLink(dataDir: string): string | undefined {
  try {
    const link = readFileSync(setUpFile(dataDir), 'utf8').trim();
    return URL.canParse(link) ? link : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The link as people reach the server, where that is known, and as this machine does. */
export const setUpLinks = (link: string, publicUrl: string | undefined): string[] => [
  ...(publicUrl === undefined ? [] : [`${publicUrl}/set-up${new URL(link).hash}`]),
  link,
];
