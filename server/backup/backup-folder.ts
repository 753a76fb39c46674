import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

const finished = /^lectern-(\d{4}-\d\d-\d\dT\d\d)-(\d\d)-(\d\d)Z\.backup$/;

export type KeptBackup = { path: string; madeAt: Date };

/** The name that a backup of this moment gets: names sort by time. */
export const nameBackup = (madeAt: Date): string =>
  `lectern-${madeAt.toISOString().slice(0, 19).replaceAll(':', '-')}Z.backup`;

/** The scheduled backups in a folder, newest first. */
export async function listBackups(folder: string): Promise<KeptBackup[]> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const names = (await readdir(folder)).sort().reverse();
  return names.flatMap(name => {
    const [, hour, minute, second] = finished.exec(name) ?? [];
    return hour === undefined
      ? []
      : [{ path: join(folder, name), madeAt: new Date(`${hour}:${minute}:${second}Z`) }];
  });
}

/** Removes what is beyond the newest ones. Files with other names are not ours and stay. */
export async function removeOldBackups(folder: string, keep: number): Promise<void> {
  for (const { path } of (await listBackups(folder)).slice(keep)) await rm(path, { force: true });
}

/** One at a time in a folder: the processes of a server share it. */
export const UNFINISHED = 'lectern.backup.partial';

/** Nobody has written to it for so long that whoever did is dead. */
const ABANDONED_MS = 3_600_000;

/** Whether another process is at it; what one that was killed has left behind is removed. */
export async function isBeingSaved(folder: string): Promise<boolean> {
  const path = join(folder, UNFINISHED);
  const found = await stat(path).catch(() => undefined);
  if (!found) return false;
  if (Date.now() - found.mtimeMs <= ABANDONED_MS) return true;
  await rm(path, { force: true });
  return false;
}
