import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { expectError, expectJson, postJson } from '../api-client.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';
import { ADMIN, signIn } from './account-client.ts';

/** An address of this machine that others can reach; there may be none. */
const publicAddress = Object.values(networkInterfaces())
  .flat()
  .find(one => one?.family === 'IPv4' && !one.internal)?.address;

onEachDatabase('a server for other machines', createApp => {
  test('waits for its first administrator where only this machine can reach it, then listens publicly', async context => {
    if (publicAddress === undefined) return context.skip('this machine has no address but its loopback one');
    const app = await createApp({
      env: { SKIP_MODEL_LOADING: 'true', HOST: '0.0.0.0', ALLOWED_HOSTS: publicAddress },
    });
    const publicUrl = app.baseUrl.replace('127.0.0.1', publicAddress);
    await assert.rejects(fetch(`${publicUrl}/livez`), 'only on the loopback address');
    assert.deepEqual(await expectJson(await app.fetch('/api/auth/state/'), 200), {
      sign_in: 'set_up',
      signed_in: false,
      provider: null,
    });
    await expectError(await app.fetch('/api/session/'), 401, 'not_signed_in');
    await expectError(await postJson(app, '/api/auth/set-up/', ADMIN), 401, 'not_signed_in');
    const wrong = { ...ADMIN, token: 'A'.repeat(43) };
    await expectError(await postJson(app, '/api/auth/set-up/', wrong), 400, 'link_invalid');

    const file = join(app.dataDir, 'set-up-link');
    assert.equal(statSync(file).mode & 0o777, 0o600);
    const link = new URL(readFileSync(file, 'utf8').trim());
    assert.equal(`${link.origin}${link.pathname}`, `${app.baseUrl}/set-up`);
    const token = link.hash.slice(1);
    assert.ok(!app.log.lines.join('').includes(token), 'in no log');
    const set = (email: string) => postJson(app, '/api/auth/set-up/', { ...ADMIN, email, token });
    const answers = await Promise.all([set(ADMIN.email), set('mallory@example.com')]);
    assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 400], 'the link is good once');

    await waitUntil('it listens publicly', () =>
      fetch(`${publicUrl}/livez`).then(
        ({ status }) => status === 200,
        () => false,
      ),
    );
    assert.equal(existsSync(file), false);
    await expectError(await fetch(`${publicUrl}/api/session/`), 401, 'not_signed_in');
    const winner = answers[0]?.status === 201 ? ADMIN.email : 'mallory@example.com';
    await expectJson(await (await signIn(app, winner)).fetch('/api/session/'), 200);
    await app.restart();
    await expectJson(await fetch(`${app.baseUrl.replace('127.0.0.1', publicAddress)}/livez`), 200);
  });
});
