import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { StartError } from '../../errors.ts';
import { loadSecretKey } from './secret-key.ts';

const run = promisify(execFile);

async function temporaryFolder(context: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-secret-key-'));
  context.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test('the configured key is used and nothing is written', async context => {
  const folder = await temporaryFolder(context);
  assert.equal(await loadSecretKey('given', folder), 'given');
  assert.deepEqual(await readdir(folder), []);
});

test('without one, a key is made once and only the owner can read it', async context => {
  const folder = join(await temporaryFolder(context), 'data');
  const key = await loadSecretKey(undefined, folder);
  assert.match(key, /^[\w-]{64}$/);
  assert.equal(await loadSecretKey(undefined, folder), key);
  assert.equal((await stat(join(folder, 'secret-key'))).mode & 0o777, 0o600);
  assert.deepEqual(await readdir(folder), ['secret-key']);
});

test('two data folders get different keys', async context => {
  const folder = await temporaryFolder(context);
  const keys = await Promise.all(['a', 'b'].map(name => loadSecretKey(undefined, join(folder, name))));
  assert.notEqual(keys[0], keys[1]);
});

test('many first starts at once end with the same key', async context => {
  const folder = await temporaryFolder(context);
  const keys = await Promise.all(Array.from({ length: 20 }, () => loadSecretKey(undefined, folder)));
  assert.equal(new Set(keys).size, 1);
  assert.equal((await readFile(join(folder, 'secret-key'), 'utf8')).trim(), keys[0]);
  assert.deepEqual(await readdir(folder), ['secret-key']);
});

test('processes that start at once end with the same key', async context => {
  const folder = await temporaryFolder(context);
  const program = `import { loadSecretKey } from ${JSON.stringify(import.meta.resolve('./secret-key.ts'))};
    process.stdout.write(await loadSecretKey(undefined, ${JSON.stringify(folder)}));`;
  const outputs = await Promise.all(
    Array.from({ length: 4 }, () => run(process.execPath, ['--input-type=module', '--eval', program])),
  );
  assert.equal(new Set(outputs.map(output => output.stdout)).size, 1);
});

test('a damaged key file stops the start instead of being replaced', async context => {
  const folder = await temporaryFolder(context);
  await writeFile(join(folder, 'secret-key'), 'half');
  await assert.rejects(loadSecretKey(undefined, folder), StartError);
  assert.equal(await readFile(join(folder, 'secret-key'), 'utf8'), 'half');
});

test('a data folder that cannot be written is named in the error', async context => {
  const file = join(await temporaryFolder(context), 'file');
  await writeFile(file, '');
  await assert.rejects(loadSecretKey(undefined, file), (error: Error) => {
    assert.ok(error instanceof StartError);
    return error.message.includes(file);
  });
});
