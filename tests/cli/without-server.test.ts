import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readMigrations } from '../../server/database/migrations/read-migrations.ts';
import { makeOlderDatabase } from '../database-templates/older-database.ts';
import { answer, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { createFolder, repository, runLectern, type Settings, startLectern } from './run-lectern.ts';

// One data folder, in which the first test makes the database; the tests build on each other.
const folder = await createFolder();
const model = await startFakeLanguageModel();
after(async () => {
  await model.close();
  await folder.remove();
});
const run = (...args: string[]) => runLectern(folder.path, args);
const runWith = (settings: Settings, ...args: string[]) => runLectern(folder.path, args, settings);
const samples = join(repository, 'samples');
const written: Settings = { LLM_BASE_URL: model.baseUrl, LLM_MODEL: 'fake' };
let names: string[] = [];

before(async () => {
  names = await readdir(samples);
});

test('migrate says which migrations it applied, and the second time that there were none', async () => {
  await makeOlderDatabase(join(folder.path, 'data'), 22);
  const newer = (await readMigrations()).filter(({ version }) => version > 22);
  assert.ok(newer.length > 1);
  const first = await run('migrate');
  assert.deepEqual(first, {
    code: 0,
    stdout: newer.map(({ name }) => `applied ${name}\n`).join(''),
    stderr: '',
  });
  assert.deepEqual(await run('migrate'), { code: 0, stdout: 'The database is up to date.\n', stderr: '' });
});

test('ingest sends each file, and the second time none', async () => {
  const first = await run('ingest', samples);
  assert.deepEqual({ code: first.code, stderr: first.stderr }, { code: 0, stderr: '' });
  for (const name of names)
    assert.match(first.stdout, new RegExp(`^ready .*/${name} \\(\\d+ chunks\\)$`, 'm'));
  assert.match(first.stdout, /^5 ready, 0 already there, 0 skipped, 0 failed$/m);

  const second = await run('ingest', samples);
  assert.equal(second.code, 0);
  assert.match(second.stdout, /^0 ready, 5 already there, 0 skipped, 0 failed$/m);
});

test('the question in the README is answered from the samples, not from a list of questions about them', async () => {
  const { stdout } = await run('ask', 'How long is the warranty on the battery?');
  assert.match(stdout, /> .*It covers the battery for 24 months only\. \[\d+\]$/m);
  assert.doesNotMatch(stdout, /How long is the warranty/);
});

test('a file that fails is told with the reason and does not stop the others', async () => {
  await writeFile(join(folder.path, 'broken.txt'), Buffer.from([0xff, 0xfe, 0x00]));
  await writeFile(join(folder.path, 'new.txt'), 'The lighthouse of Tangen was painted green in 1931.');
  const { code, stdout, stderr } = await run('ingest', 'broken.txt', 'new.txt');
  assert.equal(code, 1);
  assert.match(stdout, /^ready new\.txt \(1 chunk\)$/m);
  assert.match(stdout, /^1 ready, 0 already there, 0 skipped, 1 failed$/m);
  assert.match(stderr, /^failed broken\.txt: .+/);
});

test('ask without a language model quotes the documents and names the source', async () => {
  const { code, stdout, stderr } = await run('ask', 'When was the lighthouse of Tangen painted green?');
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.match(stdout, /> The lighthouse of Tangen was painted green in 1931\. \[1\]/);
  assert.match(
    stdout,
    /\n\nSources\n\[1\] new\.txt\n {4}0–51 “The lighthouse of Tangen was painted green in 1931\.”\n/,
  );
});

test('ask prints what the language model writes, and --session goes on with it', async () => {
  model.script(answer('In 1931 [1].'), answer('Green [1].'));
  const first = await runWith(written, 'ask', '--json', 'When was the lighthouse of Tangen painted?');
  const events = first.stdout
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));
  assert.equal(events[0].type, 'start');
  assert.equal(events.at(-1).type, 'done');
  const second = await runWith(
    written,
    'ask',
    '--session',
    String(events[0].session_id),
    'In',
    'which',
    'colour?',
  );
  assert.equal(second.code, 0);
  assert.match(second.stdout, /^Green \[1\]\.\n\nSources\n\[1\] /);
  const asked = model.requests.at(-1)?.body.messages.map(({ content }) => content) ?? [];
  assert.ok(asked.some(content => content.includes('In 1931 [1].')));
  assert.match(asked.at(-1) ?? '', /In which colour\?/);
});

test('control characters in an answer do not reach the terminal', async () => {
  model.script(answer('\u001b[2Jclean\u0007 \u009b1m'));
  const { stdout } = await runWith(written, 'ask', 'When was the lighthouse of Tangen painted?');
  assert.match(stdout, /^\[2Jclean 1m\n/);
});

test('an error of the language model exits with 1 and says why', async () => {
  model.script({ kind: 'status', status: 401 });
  const { code, stdout, stderr } = await runWith(written, 'ask', 'When was the lighthouse painted?');
  assert.equal(code, 1);
  assert.equal(stdout, '');
  assert.match(stderr, /error: .+\n$/);
  assert.doesNotMatch(stderr, /\n {4}at /);
});

test('a session that does not exist exits with 1', async () => {
  const { code, stderr } = await run('ask', '--session', '999999', 'x');
  assert.deepEqual({ code, stderr }, { code: 1, stderr: 'error: There is no such session.\n' });
});

test('SIGINT in the middle of an answer exits with 130 and gives the data folder back', async () => {
  model.script(answer('The beginning and no end.', { after: { tokens: 2, next: 'hang' } }));
  const child = startLectern(folder.path, ['ask', 'When was the lighthouse of Tangen painted?'], written);
  let stdout = '';
  child.stdout.on('data', piece => {
    stdout += piece;
    if (stdout.includes('The beginning')) child.kill('SIGINT');
  });
  let stderr = '';
  child.stderr.on('data', piece => {
    stderr += piece;
  });
  const [code] = await new Promise<[number | null]>(resolve => child.on('close', exit => resolve([exit])));
  assert.deepEqual({ code, stderr }, { code: 130, stderr: '' });
  assert.equal(existsSync(join(folder.path, 'data/holder.json')), false);
});

test('a reader that leaves ends the command without a word', async () => {
  const child = startLectern(folder.path, ['ask', '--json', 'When was the lighthouse of Tangen painted?']);
  child.stdout.once('data', () => child.stdout.destroy());
  let stderr = '';
  child.stderr.on('data', piece => {
    stderr += piece;
  });
  const code = await new Promise(resolve => child.on('exit', resolve));
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
});
