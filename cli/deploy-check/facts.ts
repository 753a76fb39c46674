import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { sql } from 'kysely';
import { listBackups } from '../../server/backup/backup-folder.ts';
import type { Config } from '../../server/config.ts';
import { readAnnouncement } from '../../server/database/data-folder-lock.ts';
import { openBareNative } from '../../server/database/snapshots/open-session.ts';

/** What the settings do not say themselves. */
export type Facts = {
  /** Of a native database; what went wrong when it can't be asked; undefined for the embedded one. */
  database: DatabaseFacts | { error: string } | undefined;
  /** When the certificate of TLS_CERT ends; what is wrong when it can't be read. */
  certificate: { endsAt: Date } | { error: string } | undefined;
  /** Undefined without BACKUP_FOLDER. */
  backups: { newestAt: Date | undefined; isOnDataDisk: boolean } | { error: string } | undefined;
  /** Permissions of the data folder, as in `chmod`; undefined when there is none yet. */
  dataFolderMode: number | undefined;
  /** What a running server answers to /readyz; undefined when none has announced itself in the data folder. */
  readiness: number | 'no answer' | undefined;
};

type DatabaseFacts = { isSuperuser: boolean; isEncrypted: boolean; maxConnections: number };

const PROBE_MS = 3_000;

export async function gatherFacts(config: Config): Promise<Facts> {
  const { databaseUrl, tlsCert, backupFolder, dataDir } = config;
  const [database, certificate, backups, dataFolder, readiness] = await Promise.all([
    databaseUrl === undefined ? undefined : orError(() => askDatabase(databaseUrl)),
    tlsCert === undefined ? undefined : orError(() => readCertificate(tlsCert)),
    backupFolder === undefined ? undefined : orError(() => lookAtBackups(backupFolder, dataDir)),
    stat(dataDir).catch(() => undefined),
    askServer(dataDir),
  ]);
  return { database, certificate, backups, dataFolderMode: dataFolder && dataFolder.mode & 0o777, readiness };
}

async function orError<T>(look: () => Promise<T>): Promise<T | { error: string }> {
  try {
    return await look();
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

async function askDatabase(url: string): Promise<DatabaseFacts> {
  const { db, close } = openBareNative(url);
  try {
    const { rows } = await sql<DatabaseFacts>`
      SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS "isSuperuser",
        coalesce((SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()), false) AS "isEncrypted",
        current_setting('max_connections')::int AS "maxConnections"`.execute(db);
    const [facts] = rows;
    if (!facts) throw new Error('the server gave no answer');
    return facts;
  } finally {
    await close();
  }
}

async function readCertificate(path: string): Promise<{ endsAt: Date }> {
  return { endsAt: new Date(new X509Certificate(await readFile(path)).validTo) };
}

async function lookAtBackups(folder: string, dataDir: string) {
  if (!existsSync(folder)) throw new Error(`there is no folder ${folder} yet`);
  const [newest] = await listBackups(folder);
  const data = await stat(dataDir).catch(() => undefined);
  return { newestAt: newest?.madeAt, isOnDataDisk: (await stat(folder)).dev === data?.dev };
}

async function askServer(dataDir: string): Promise<Facts['readiness']> {
  const url = readAnnouncement(dataDir)?.url;
  if (!url) return undefined;
  try {
    return (await fetch(`${url}/readyz`, { signal: AbortSignal.timeout(PROBE_MS) })).status;
  } catch {
    return 'no answer';
  }
}
