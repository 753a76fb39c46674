import { join } from 'node:path';

/** Holds the link for the first administrator while a server waits for one; only its user can read it. */
export const setUpFile = (dataDir: string): string => join(dataDir, 'set-up-link');
