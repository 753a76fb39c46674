import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { newUser, userList } from '../../contract/accounts/accounts.ts';
import { expectError, expectJson, postJson } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { createFirstAdmin, invite, PASSWORD, readAccount, signIn } from './account-client.ts';
import type { Browser } from './browser.ts';

const ZOE = { email: 'Zoe@example.com', name: 'Zoe' };

onEachDatabase('users that an administrator makes', createApp => {
  let app: TestApp;
  let ada: Browser;
  before(async () => {
    app = await createApp({ env: { SKIP_MODEL_LOADING: 'true' } });
  });

  test('there are none before the first administrator: nobody could sign in', async () => {
    await expectError(await postJson(app, '/api/user/', ZOE), 400, 'invalid_request');
    ada = await createFirstAdmin(app);
  });

  test('they set their password by the link, and nobody signs in before', async () => {
    const made = newUser.parse(await expectJson(await postJson(ada, '/api/user/', ZOE), 201));
    for (const password of [PASSWORD, ''])
      await expectError(
        await postJson(app, '/api/auth/sign-in/', { email: ZOE.email, password }),
        401,
        'sign_in_failed',
      );
    const [, token] = made.link.split('#');
    await expectJson(await postJson(app, '/api/auth/reset/', { token, password: PASSWORD }), 200);
    const { user, workspaces } = await readAccount(await signIn(app, 'zoe@example.com'));
    assert.deepEqual([user?.id, user?.name, user?.is_admin, workspaces], [made.id, 'Zoe', false, []]);
  });

  test('an address has one account', async () => {
    await expectError(await postJson(ada, '/api/user/', ZOE), 409, 'email_taken');
    const { users } = userList.parse(await expectJson(await ada.fetch('/api/user/'), 200));
    assert.equal(users.filter(({ email }) => email === 'zoe@example.com').length, 1);
  });

  test('are signed out everywhere, and the log says by whom', async () => {
    const rita = await invite(app, ada, 'rita@example.com', 'reader');
    const elsewhere = await signIn(app, 'rita@example.com');
    const id = (await readAccount(rita)).user?.id;
    await expectJson(await postJson(ada, `/api/user/${id}/sign-out/`, {}), 200);
    for (const browser of [rita, elsewhere])
      await expectError(await browser.fetch('/api/account/'), 401, 'not_signed_in');
    await signIn(app, 'rita@example.com');
    const adaId = (await readAccount(ada)).user?.id;
    const entries = await app.inspect(db =>
      db
        .selectFrom('audit_log')
        .select(['user_id', 'details'])
        .where('action', '=', 'sign-out-everywhere')
        .execute(),
    );
    assert.deepEqual(entries, [{ user_id: adaId, details: { user_id: id } }]);
  });
});
