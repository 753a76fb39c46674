import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitUntil } from '../wait-until.ts';
import { databaseUser, findFreePort, isRoot } from './private-postgres.ts';

/** Debian installs it where only administrators look. */
const env = { PATH: `${process.env.PATH}:/usr/sbin` };

/** Why there can be no pooler; undefined when there can. */
export function whyNoPooler(): string | undefined {
  try {
    execFileSync('pgbouncer', ['--version'], { stdio: 'ignore', env });
    return undefined;
  } catch {
    return 'PgBouncer is not installed (Debian and Ubuntu: apt-get install pgbouncer)';
  }
}

/** A PgBouncer of the test's own in transaction mode before that database. */
export async function startPrivatePooler(databaseUrl: string) {
  const { hostname, port, username, password, pathname } = new URL(databaseUrl);
  const folder = await mkdtemp(join(tmpdir(), 'lectern-private-pooler-'));
  const ownPort = await findFreePort();
  const database = pathname.slice(1);
  const settings = join(folder, 'pgbouncer.ini');
  await writeFile(
    settings,
    `[databases]
${database} = host=${hostname} port=${port} dbname=${database} user=${username} password=${decodeURIComponent(password)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${ownPort}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 4
max_client_conn = 200
`,
    { mode: 0o600 },
  );
  const [uid, gid] = databaseUser();
  for (const path of [folder, settings]) await chown(path, uid, gid);
  // It refuses to run as root.
  const [command, ...args] = isRoot()
    ? ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--', 'pgbouncer', settings]
    : ['pgbouncer', settings];
  const child = spawn(command, args, { cwd: '/', stdio: 'ignore', env });
  const ended = once(child, 'close');
  await waitUntil('the pooler listens', () => canConnect(ownPort), 10_000);
  return {
    url: `postgres://pooled@127.0.0.1:${ownPort}/${database}`,
    async remove() {
      child.kill('SIGKILL');
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function canConnect(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
