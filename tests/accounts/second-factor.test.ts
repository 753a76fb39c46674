import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { secondFactor } from '../../contract/accounts/accounts.ts';
import { expectError, expectJson, postJson } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { ADMIN, createFirstAdmin, PASSWORD, readAccount, signIn } from './account-client.ts';
import { codeOf } from './authenticator.ts';
import { type Browser, openBrowser } from './browser.ts';

onEachDatabase('the second factor', createApp => {
  let app: TestApp;
  let ada: Browser;
  let uri: string;
  let recovery: string[];
  before(async () => {
    app = await createApp({ env: { SKIP_MODEL_LOADING: 'true' } });
    ada = await createFirstAdmin(app);
  });

  const begin = async () => {
    const browser = openBrowser(app);
    const answer = await postJson(browser, '/api/auth/sign-in/', { email: ADMIN.email, password: PASSWORD });
    assert.deepEqual(await expectJson(answer, 200), { second_factor: true });
    return browser;
  };
  const wrong = () => String((Number(codeOf(uri)) + 1) % 1_000_000).padStart(6, '0');

  test('begins with the password, and counts once the first code was sent', async () => {
    const path = '/api/account/second-factor/';
    await expectError(await postJson(ada, path, { password: 'not this one' }), 400, 'password_wrong');
    const made = await expectJson(await postJson(ada, path, { password: PASSWORD }), 200);
    ({ uri, recovery_codes: recovery } = secondFactor.parse(made));
    await signIn(app, ADMIN.email); // Not yet.
    await expectError(await postJson(ada, `${path}code/`, { code: wrong() }), 400, 'code_wrong');
    await expectJson(await postJson(ada, `${path}code/`, { code: codeOf(uri) }), 200);
    assert.equal((await readAccount(ada)).user?.second_factor, true);
  });

  test('a password alone signs nobody in any more; the code does', async () => {
    const browser = await begin();
    await expectError(await browser.fetch('/api/account/'), 401, 'not_signed_in');
    await expectError(await postJson(browser, '/api/auth/code/', { code: wrong() }), 400, 'code_wrong');
    await expectJson(await postJson(browser, '/api/auth/code/', { code: codeOf(uri) }), 200);
    await readAccount(browser);
  });

  test('a recovery code signs in once', async () => {
    const [code = ''] = recovery;
    const send = async () => postJson(await begin(), '/api/auth/code/', { code, recovery: true });
    await expectJson(await send(), 200);
    await expectError(await send(), 400, 'code_wrong');
  });

  test('a code without a password is nothing', async () => {
    await expectError(await postJson(app, '/api/auth/code/', { code: codeOf(uri) }), 400, 'code_wrong');
  });

  test('ends with the password', async () => {
    await expectJson(await postJson(ada, '/api/account/second-factor/end/', { password: PASSWORD }), 200);
    await signIn(app, ADMIN.email);
  });
});
