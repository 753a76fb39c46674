import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { startLectern } from '../lectern-process.ts';

const root = resolve(import.meta.dirname, '../..');
const read = (path: string) => readFile(join(root, path), 'utf8');

/** The paths that the image's last stage takes from the repository. */
const listCopied = async () =>
  [...(await read('Dockerfile')).matchAll(/^COPY (?!--from)([^\n]+) \S+$/gm)].flatMap(([, paths = '']) =>
    paths.split(' '),
  );

test('what the image copies is enough for the command and the server, also for a first start', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-image-'));
  try {
    const copied = [...new Set(await listCopied())];
    assert.ok(copied.includes('server') && copied.includes('models'));
    for (const path of copied) {
      // Models are large and only read.
      const isLarge = ['models', 'vendor', 'samples', 'web'].includes(path);
      await (isLarge
        ? symlink(join(root, path), join(folder, path))
        : cp(join(root, path), join(folder, path), { recursive: true }));
    }
    // As after `npm ci --ignore-scripts`: nothing is prepared for a first start.
    await mkdir(join(folder, 'node_modules'));
    for (const name of await readdir(join(root, 'node_modules')))
      if (name !== '.cache')
        await symlink(join(root, 'node_modules', name), join(folder, 'node_modules', name));
    const run = (file: string, ...args: string[]) =>
      promisify(execFile)(process.execPath, [join(folder, file), ...args], { cwd: folder });
    assert.match((await run('cli/main.ts', '--help')).stdout, /backup/);
    const data = join(folder, 'data');
    await mkdir(data);
    const lectern = startLectern({ LECTERN_DATA_DIR: data, PORT: '0' }, undefined, folder);
    await lectern.baseUrl();
    assert.match(lectern.output(), /database migrated/);
    assert.equal(await lectern.kill('SIGTERM'), 0);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the builder is sent what is copied and no settings', async () => {
  const sent = (await read('.dockerignore')).split('\n');
  assert.ok(sent.includes('*') && sent.includes('**/.env*'));
  for (const path of await listCopied()) assert.ok(sent.includes(`!${path}`) || path.startsWith('/'), path);
});

test('the image runs as nobody in particular, says how it is, and is stopped as the server wants it', async () => {
  const dockerfile = await read('Dockerfile');
  assert.match(dockerfile, /^USER node$/m);
  assert.match(dockerfile, /^HEALTHCHECK /m);
  assert.doesNotMatch(dockerfile, /(SECRET_KEY|PASSWORD|API_KEY)/);
  const [, command = ''] = /^CMD (\[.+\])$/m.exec(dockerfile) ?? [];
  assert.deepEqual(JSON.parse(command), ['node', '--max-semi-space-size=8', 'server/main.ts']);
});

test('the health check of the image fails without a server and passes with one', async () => {
  const [, json = '[]'] = /HEALTHCHECK [^[]*CMD (\[.+\])/s.exec(await read('Dockerfile')) ?? [];
  const [, ...args] = JSON.parse(json.split('\n')[0] ?? '') as string[];
  const check = (port: string) =>
    promisify(execFile)(process.execPath, args, { env: { PORT: port } }).then(
      () => 0,
      error => error.code,
    );
  assert.equal(await check('1'), 1);
  const folder = await mkdtemp(join(tmpdir(), 'lectern-health-'));
  const lectern = startLectern({ LECTERN_DATA_DIR: folder, PORT: '0', SKIP_MODEL_LOADING: 'true' });
  try {
    assert.equal(await check(new URL(await lectern.baseUrl()).port), 0);
  } finally {
    await lectern.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
});

test('compose.yaml has no password and no default for one', async () => {
  const compose = await read('compose.yaml');
  assert.match(compose, /pgvector\/pgvector:pg\d+/);
  for (const [, name = ''] of compose.matchAll(/(\w*(?:PASSWORD|SECRET_KEY)): (?!\$\{\w+:\?)/g))
    assert.fail(name);
  assert.match(compose, /127\.0\.0\.1:8001:8001/);
});

test('the unit for systemd is valid', async context => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-unit-'));
  try {
    const path = join(folder, 'lectern.service');
    const unit = (await read('deploy/lectern.service'))
      .replace(/^ExecStart=\S+/m, `ExecStart=${process.execPath}`)
      .replaceAll('/opt/lectern', dirname(path));
    await writeFile(path, unit);
    const { stderr } = await promisify(execFile)('systemd-analyze', ['verify', path]);
    assert.equal(stderr, '');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
      return context.skip('no systemd-analyze');
    throw error;
  } finally {
    await rm(folder, { recursive: true });
  }
});
