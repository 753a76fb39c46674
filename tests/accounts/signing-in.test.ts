import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { signInState } from '../../contract/accounts/accounts.ts';
import { expectError, expectJson, postJson } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { ADMIN, createFirstAdmin, invite, PASSWORD, readAccount, signIn } from './account-client.ts';
import { type Browser, openBrowser } from './browser.ts';

const env = { SKIP_MODEL_LOADING: 'true' };

onEachDatabase('signing in', createApp => {
  let app: TestApp;
  let ada: Browser;
  const state = async (client: { fetch: TestApp['fetch'] }) =>
    signInState.parse(await expectJson(await client.fetch('/api/auth/state/'), 200));

  before(async () => {
    app = await createApp({ env });
  });

  test('without an account everything is open, to the local owner', async () => {
    assert.deepEqual(await state(app), { sign_in: 'open', signed_in: true, provider: null });
    const { user, role, workspace } = await readAccount(app);
    assert.deepEqual([user, role, workspace?.name], [null, 'owner', 'default']);
    await expectJson(await app.fetch('/api/session/'), 200);
  });

  test('from the first account on one has to sign in', async () => {
    ada = await createFirstAdmin(app);
    assert.deepEqual(await state(app), { sign_in: 'required', signed_in: false, provider: null });
    await expectError(await app.fetch('/api/session/'), 401, 'not_signed_in');
    await expectError(
      await postJson(app, '/api/auth/set-up/', { ...ADMIN, email: 'b@example.com' }),
      401,
      'not_signed_in',
    );
    await expectJson(await ada.fetch('/api/session/'), 200);
    const { user, role, permissions } = await readAccount(ada);
    assert.deepEqual([user?.email, user?.is_admin, role], [ADMIN.email, true, 'owner']);
    assert.ok(permissions.includes('administer'));
  });

  test('a restart knows the accounts and the sign-ins', async () => {
    await app.restart();
    await expectError(await app.fetch('/api/session/'), 401, 'not_signed_in');
    await expectJson(await ada.fetch('/api/session/'), 200);
  });

  test('the cookie is HttpOnly and SameSite=Lax; Secure when the browser came by HTTPS', async () => {
    const attributes = (browser: Browser) => (browser.received[0] ?? '').split('; ').slice(1).sort();
    assert.deepEqual(
      attributes(ada).map(one => one.toLowerCase()),
      ['httponly', 'max-age=2592000', 'path=/', 'samesite=lax'],
    );
    const https = openBrowser(app);
    const origin = app.baseUrl.replace('http:', 'https:');
    const headers = { 'content-type': 'application/json', origin };
    const body = JSON.stringify({ email: ADMIN.email, password: PASSWORD });
    await expectJson(await https.fetch('/api/auth/sign-in/', { method: 'POST', headers, body }), 200);
    assert.ok(attributes(https).includes('Secure'), https.received.join());
  });

  test('a cookie that was changed, or signed with another key, is nobody’s', async () => {
    const [[name, value] = ['', '']] = ada.cookies;
    const [token] = decodeURIComponent(value).split('.');
    for (const forged of [`${token}`, `${token}.`, `${token}.AAAA`, `x${value}`, '%ff', value.slice(0, -8)]) {
      const response = await app.fetch('/api/session/', { headers: { cookie: `${name}=${forged}` } });
      await expectError(response, 401, 'not_signed_in');
    }
  });

  test('a wrong password and an unknown user get the same answer', async () => {
    const bodies = new Set<string>();
    for (const email of [ADMIN.email, 'nobody@example.com']) {
      const response = await postJson(app, '/api/auth/sign-in/', { email, password: 'not the right one' });
      const { message } = await expectError(response, 401, 'sign_in_failed');
      bodies.add(JSON.stringify([message, response.headers.getSetCookie()]));
    }
    assert.equal(bodies.size, 1);
  });

  test('signing out ends this browser only, signing out everywhere all of them', async () => {
    const [one, other] = [await signIn(app, ADMIN.email), await signIn(app, ADMIN.email)];
    const kept = new Map(one.cookies);
    await expectJson(await postJson(one, '/api/auth/sign-out/', {}), 200);
    assert.equal(one.cookies.size, 0);
    for (const [name, value] of kept) one.cookies.set(name, value);
    await expectError(await one.fetch('/api/account/'), 401, 'not_signed_in');
    await readAccount(other);
    await expectJson(await postJson(other, '/api/account/sign-out-everywhere/', {}), 200);
    for (const browser of [other, ada])
      await expectError(await browser.fetch('/api/account/'), 401, 'not_signed_in');
    ada = await signIn(app, ADMIN.email);
  });

  test('changing the password needs the present one, and signs out everything else', async () => {
    const other = await signIn(app, ADMIN.email);
    const change = (current_password: string, new_password: string) =>
      postJson(ada, '/api/account/password/', { current_password, new_password });
    await expectError(await change('a wrong one', 'another long password'), 400, 'password_wrong');
    await expectError(await change(PASSWORD, 'too short'), 400, 'invalid_request');
    await expectJson(await change(PASSWORD, 'another long password'), 200);
    await readAccount(ada);
    await expectError(await other.fetch('/api/account/'), 401, 'not_signed_in');
    const old = await postJson(app, '/api/auth/sign-in/', { email: ADMIN.email, password: PASSWORD });
    await expectError(old, 401, 'sign_in_failed');
    await signIn(app, ADMIN.email, 'another long password');
    await expectJson(await change('another long password', PASSWORD), 200);
  });

  test('a reset link of an admin sets a new password, once', async () => {
    const bob = await invite(app, ada, 'bob@example.com', 'reader');
    const id = (await readAccount(bob)).user?.id;
    await expectError(await bob.fetch(`/api/user/${id}/reset-link/`, { method: 'POST' }), 403, 'not_allowed');
    const made = await expectJson(await ada.fetch(`/api/user/${id}/reset-link/`, { method: 'POST' }), 201);
    const token = (made as { link: string }).link.split('#')[1];
    const reset = (password: string) => postJson(app, '/api/auth/reset/', { token, password });
    const results = await Promise.all([reset('a new long password'), reset('a new long password')]);
    assert.deepEqual(results.map(({ status }) => status).sort(), [200, 400]);
    await expectError(await reset('yet another password'), 400, 'link_invalid');
    await expectError(await bob.fetch('/api/account/'), 401, 'not_signed_in');
    await signIn(app, 'bob@example.com', 'a new long password');
  });

  test('no password, link or secret stands in the database or the log', async () => {
    const { log } = app;
    const found = log.lines.filter(line => line.includes(PASSWORD) || line.includes('a new long password'));
    assert.deepEqual(found, []);
    const rows = await app.inspect(db => db.selectFrom('user_credentials').select('password').execute());
    assert.ok(rows.length >= 2);
    for (const { password } of rows) assert.match(password ?? '', /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });
});
