import { execFileSync } from 'node:child_process';
import { chmodSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { copyClusterTemplate } from './cluster-template.ts';

/**
 * Makes a cluster, in the thread that opens it then and has nothing else to do. Beside and renamed, so that a start cut
 * short leaves no half cluster behind.
 */
export async function createCluster(postgresFolder: string): Promise<void> {
  const unfinished = `${postgresFolder}.new`;
  rmSync(unfinished, { recursive: true, force: true });
  if (!(await copyClusterTemplate(unfinished))) {
    const script = fileURLToPath(new URL('./initialise-embedded-database.ts', import.meta.url));
    execFileSync(process.execPath, [script, unfinished], { stdio: ['ignore', 'ignore', 'pipe'] });
  }
  // Also where the data folder is not one of Lectern's own making.
  chmodSync(unfinished, 0o700);
  renameSync(unfinished, postgresFolder);
}
