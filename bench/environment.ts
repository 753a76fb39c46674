import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem } from 'node:os';
import { version } from '../server/version.ts';
import { repositoryRoot } from './repository-root.ts';

/** What the figures were measured with and on. */
export function describeEnvironment() {
  return {
    date: new Date().toISOString(),
    lectern: version,
    commit: describeCommit(),
    node: process.version,
    platform: `${process.platform} ${release()} ${process.arch}`,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1e9),
  };
}

/** With "-dirty" when something is not committed; a copy without its history has none. */
function describeCommit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], {
      cwd: repositoryRoot,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    }).trim();
  } catch {
    return 'unknown';
  }
}
