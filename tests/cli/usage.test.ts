import assert from 'node:assert/strict';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { after, test } from 'node:test';
import manifest from '../../package.json' with { type: 'json' };
import { createFolder, runLectern } from './run-lectern.ts';

// Nothing here starts a database.
const folder = await createFolder();
after(() => folder.remove());
const run = (...args: string[]) => runLectern(folder.path, args);

test('--version prints the version of the package', async () => {
  assert.deepEqual(await run('--version'), { code: 0, stdout: `${manifest.version}\n`, stderr: '' });
});

test('--help lists the commands, and each command has a help with an example', async () => {
  const { code, stdout } = await run('--help');
  assert.equal(code, 0);
  for (const command of ['serve', 'migrate', 'ingest', 'ask', 'doctor']) {
    assert.match(stdout, new RegExp(`^  ${command} `, 'm'));
    const help = await run(command, '--help');
    assert.equal(help.code, 0);
    assert.match(help.stdout, /Examples?:\n {2}\$ .*lectern /);
  }
});

const wrong: [args: string[], message: RegExp][] = [
  [['fly'], /unknown command 'fly'/],
  [['ask', '--loud', 'x'], /unknown option '--loud'/],
  [['ask'], /missing required argument 'question'/],
  [['ingest'], /missing required argument 'path'/],
  [['ask', '--session', '0', 'x'], /Expected the number of a session/],
  [['ask', '--server', 'lectern', 'x'], /Expected an address like/],
  [['ingest', '--watch', '.', '.'], /--watch takes one folder/],
  [['ingest', '--watch', 'nowhere'], /There is no folder nowhere to watch/],
];
for (const [args, message] of wrong)
  test(`wrong usage exits with 2 and says why: ${args.join(' ')}`, async () => {
    const { code, stdout, stderr } = await run(...args);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /\n {4}at /);
  });

test('an unknown LECTERN_ variable is named, without a stack', async () => {
  const { code, stderr } = await runLectern(folder.path, ['ask', 'x'], { LECTERN_DATADIR: '/tmp' });
  assert.equal(code, 1);
  assert.match(stderr, /LECTERN_DATADIR: no such setting; did you mean LECTERN_DATA_DIR\?/);
  assert.doesNotMatch(stderr, /\n {4}at /);
});

test('a server that is not there is named', async () => {
  const listener = createServer();
  await new Promise<void>(resolve => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  assert.ok(address && typeof address === 'object');
  await new Promise(resolve => listener.close(resolve));
  const { code, stderr } = await run('ask', '--server', `http://127.0.0.1:${address.port}/`, 'x');
  assert.equal(code, 1);
  assert.equal(stderr, `error: There is no answer from http://127.0.0.1:${address.port} (ECONNREFUSED).\n`);
});

test('ingest counts what it skips by reason, and needs no server when nothing is left', async () => {
  const root = join(folder.path, 'mixed');
  await mkdir(join(root, 'node_modules/package'), { recursive: true });
  await mkdir(join(root, '.git'));
  await writeFile(join(root, 'node_modules/package/licence.txt'), 'never read');
  await writeFile(join(root, '.hidden.txt'), 'never read');
  await writeFile(join(root, 'picture.png'), 'never read');
  await symlink('.', join(root, 'circle'));
  const { code, stdout, stderr } = await run('ingest', 'mixed');
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.equal(
    stdout,
    '0 ready, 0 already there, 5 skipped (2 hidden, 1 link to a folder, 1 node_modules, 1 of a kind that is not read), 0 failed\n',
  );
});

test('ingest of a path that does not exist fails with its name', async () => {
  const { code, stdout, stderr } = await run('ingest', 'nowhere');
  assert.equal(code, 1);
  assert.equal(stderr, 'failed nowhere: no such file or folder\n');
  assert.equal(stdout, '0 ready, 0 already there, 0 skipped, 1 failed\n');
});
