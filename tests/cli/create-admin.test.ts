import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { ADMIN, createKey, PASSWORD, signIn } from '../accounts/account-client.ts';
import { expectError, expectJson, postJson } from '../api-client.ts';
import { createFolder, runLectern, startServer } from './run-lectern.ts';

const settings = { SKIP_MODEL_LOADING: 'true' };
const options = (email: string) => ['create-admin', '--email', email, '--name', 'Ada', '--password-stdin'];

let folder: Awaited<ReturnType<typeof createFolder>>;
before(async () => {
  folder = await createFolder();
});
after(() => folder.remove());

const run = (args: string[], input?: string, more = {}) =>
  runLectern(folder.path, args, { ...settings, ...more }, input);
const clientOf = (url: string) => ({
  fetch: (path: string, init?: RequestInit) => fetch(`${url}${path}`, init),
});

test('what can be no administrator is refused with all that is wrong', async () => {
  const { code, stderr } = await run(options('nobody'), 'short');
  assert.equal(code, 1);
  assert.match(stderr, /email: must be an e-mail address/);
  assert.match(stderr, /password: must have at least 12 characters/);
  assert.doesNotMatch(stderr, /short|at .*\.ts/);
});

test('without a terminal and without options it says what to give', async () => {
  const { code, stderr } = await run(['create-admin']);
  assert.equal(code, 1);
  assert.match(stderr, /give --email, --name and --password-stdin/);
});

test('the first administrator can sign in to the server that starts then', async () => {
  const made = await run(options(ADMIN.email), `${PASSWORD}\n`);
  assert.deepEqual(made, { code: 0, stdout: `${ADMIN.email} is an administrator now.\n`, stderr: '' });
  const twice = await run(options(ADMIN.email), PASSWORD);
  assert.equal(twice.code, 1);
  assert.match(twice.stderr, /There is an account with this e-mail address already/);

  const server = await startServer(folder.path, settings);
  try {
    const client = clientOf(server.url);
    await expectError(await client.fetch('/api/document/'), 401, 'not_signed_in');
    const ada = await signIn(client, ADMIN.email);
    await expectJson(await ada.fetch('/api/document/'), 200);
    const beside = await run(options('b@example.com'), PASSWORD);
    assert.equal(beside.code, 1);
    assert.match(beside.stderr, /has accounts already and this data folder open: stop it first/);

    const refused = await run(['doctor', '--server', server.url]);
    assert.equal(refused.code, 1);
    assert.match(
      refused.stderr,
      /Sign in, or send an API key .+LECTERN_API_KEY; keys are made on the page, under Account\./,
    );
    const { secret } = await createKey(ada, ['admin']);
    const checked = await run(['doctor', '--server', server.url], undefined, { LECTERN_API_KEY: secret });
    assert.equal(checked.code, 0, checked.stderr);
  } finally {
    await server.stop();
  }
});

test('a command that starts a server for itself needs no key', async () => {
  const { code, stderr } = await run(['doctor']);
  assert.equal(code, 0, stderr);
});

test('a running server without accounts makes the first administrator itself', async () => {
  const other = await createFolder();
  const server = await startServer(other.path, settings);
  try {
    const made = await runLectern(other.path, options(ADMIN.email), settings, PASSWORD);
    assert.equal(made.code, 0, made.stderr);
    const answer = await postJson(clientOf(server.url), '/api/auth/sign-in/', {
      email: ADMIN.email,
      password: PASSWORD,
    });
    await expectJson(answer, 200);
  } finally {
    await server.stop();
    await other.remove();
  }
});
