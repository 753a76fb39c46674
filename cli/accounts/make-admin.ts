import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { createAdmin } from '../../server/accounts/links/create-admin.ts';
import { setUpFile } from '../../server/accounts/links/set-up-file.ts';
import { type Config, readConfig } from '../../server/config.ts';
import { findLockHolder } from '../../server/database/data-folder-lock.ts';
import { openDatabase } from '../../server/database/open-database.ts';
import { RequestError, StartError } from '../../server/errors.ts';
import { createQuietLogger } from '../quiet-logger.ts';
import type { Admin } from './create-admin-command.ts';

/**
 * Makes the administrator in the database; by the server, when it has the embedded one open.
 *
 * @throws StartError
 */
export async function makeAdmin(admin: Admin): Promise<void> {
  const config = readConfig();
  const holder = config.databaseUrl === undefined ? findLockHolder(config.dataDir) : undefined;
  if (holder?.url) return askServer(holder.url, config, admin);
  const logger = await createQuietLogger(config);
  const onLost = (error: Error) => {
    throw error;
  };
  const database = await openDatabase({
    databaseUrl: config.databaseUrl,
    dataDir: config.dataDir,
    logger,
    onLost,
  });
  try {
    await createAdmin(database.db, admin, { by: { actor: 'terminal' } });
  } catch (error) {
    throw error instanceof RequestError ? new StartError(error.message) : error;
  } finally {
    await database.close();
  }
}

const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

async function askServer(url: string, { dataDir }: Config, admin: Admin): Promise<void> {
  const response = await fetch(`${url}/api/auth/set-up/`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...admin, token: readToken(dataDir) }),
  });
  if (response.ok) return;
  const { error } = refusal.parse(await response.json());
  throw new StartError(
    error.code === 'not_signed_in'
      ? `The server at ${url} has accounts already and this data folder open: stop it first, or let one of its administrators make the new one.`
      : error.message,
  );
}

/** Of the link that the server made, when it waits for its first administrator. */
function readToken(dataDir: string): string | undefined {
  try {
    return new URL(readFileSync(setUpFile(dataDir), 'utf8').trim()).hash.slice(1);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
