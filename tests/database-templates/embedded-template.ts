import { execFile } from 'node:child_process';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { copyClusterTemplate } from '../../server/database/embedded/cluster-template.ts';

const program = resolve(import.meta.dirname, '../../cli/prepare-first-start.ts');

/** Puts a fresh, migrated cluster into a data folder. */
export async function copyEmbeddedCluster(dataDir: string): Promise<void> {
  const postgresFolder = join(dataDir, 'postgres');
  if (await copyClusterTemplate(postgresFolder)) return;
  await prepareFirstStart();
  if (!(await copyClusterTemplate(postgresFolder))) throw new Error('there is no template to copy');
}

/** What `npm ci` has done, unless it runs no scripts. */
export const prepareFirstStart = () => promisify(execFile)(process.execPath, [program]);
