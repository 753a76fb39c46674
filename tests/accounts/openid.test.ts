import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { expectError, expectJson } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { createFirstAdmin, invite, readAccount } from './account-client.ts';
import { type Browser, openBrowser } from './browser.ts';
import { CLIENT_SECRET, startOpenidProvider, type TestProvider } from './openid-provider.ts';

onEachDatabase('signing in with an OpenID provider', createApp => {
  let provider: TestProvider;
  let app: TestApp;
  let admin: Browser;

  before(async () => {
    provider = await startOpenidProvider();
    app = await createApp({
      env: {
        ...provider.env,
        SKIP_MODEL_LOADING: 'true',
        OIDC_ALLOWED_DOMAINS: 'Example.com, example.org',
        OIDC_ROLE: 'editor',
      },
    });
    admin = await createFirstAdmin(app);
  });
  after(() => provider.close());

  const person = (login: string, email = `${login}@example.com`, email_verified = true) => {
    provider.people[login] = { email, email_verified, name: `${login} of the provider` };
  };
  /** @returns the address of the provider that the browser is sent to. */
  const begin = async (browser: Browser, query = ''): Promise<string> => {
    const response = await browser.fetch(`/api/auth/openid/${query}`);
    assert.equal(response.status, 303);
    const url = response.headers.get('location') ?? '';
    assert.ok(url.startsWith(`${provider.issuer}/`), url);
    return url;
  };
  const goTo = ({ pathname, search }: URL) => `${pathname}${search}`;
  /** @returns the page that the browser lands on, without where the server is. */
  const land = async (browser: Browser, url: URL): Promise<string> => {
    assert.equal(url.origin, app.baseUrl);
    const response = await browser.fetch(goTo(url));
    assert.equal(response.status, 303);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const location = response.headers.get('location') ?? '';
    assert.ok(location.startsWith(`${app.baseUrl}/`), location);
    return location.slice(app.baseUrl.length);
  };
  const signIn = async (login: string, browser = openBrowser(app)) => {
    const page = await land(browser, await provider.signIn(await begin(browser), login));
    return { browser, page };
  };
  /** Why nobody is signed in. */
  const problemOf = async (login: string) => {
    const { browser, page } = await signIn(login);
    await expectError(await browser.fetch('/api/account/'), 401, 'not_signed_in');
    return page;
  };

  test('the page is told the provider’s name', async () => {
    assert.deepEqual(await expectJson(await app.fetch('/api/auth/state/'), 200), {
      sign_in: 'required',
      signed_in: false,
      provider: 'Example ID',
    });
  });

  test('the way there has PKCE, state and nonce, new ones each time, and leads back here', async () => {
    const [one, other] = [await begin(openBrowser(app)), await begin(openBrowser(app))].map(
      url => new URL(url).searchParams,
    );
    assert.ok(one && other);
    assert.equal(one.get('response_type'), 'code');
    assert.equal(one.get('code_challenge_method'), 'S256');
    assert.equal(one.get('redirect_uri'), `${app.baseUrl}/api/auth/openid/callback/`);
    for (const name of ['state', 'nonce', 'code_challenge']) {
      assert.match(one.get(name) ?? '', /^[\w-]{43}$/, name);
      assert.notEqual(one.get(name), other.get(name), name);
    }
  });

  test('someone new with a verified address of an allowed domain becomes a member, once', async () => {
    person('nora');
    const both = await Promise.all([signIn('nora'), signIn('nora')]);
    for (const { browser, page } of both) {
      assert.equal(page, '/');
      const { user, role } = await readAccount(browser);
      assert.deepEqual(
        [user?.email, user?.name, role],
        ['nora@example.com', 'nora of the provider', 'editor'],
      );
      assert.equal(user?.is_admin, false);
      for (const cookie of browser.received) assert.match(cookie, /; HttpOnly; SameSite=Lax/);
    }
    await expectJson(await both[0].browser.fetch('/api/auth/sign-out/', { method: 'POST' }), 200);
    await expectError(await both[0].browser.fetch('/api/account/'), 401, 'not_signed_in');
    await readAccount(both[1].browser);
  });

  test('an account with that address is signed in, and stays the identity’s when the address changes', async () => {
    const bob = await invite(app, admin, 'bob@elsewhere.example', 'reader');
    const { user } = await readAccount(bob);
    person('bobby', 'BOB@elsewhere.example');
    assert.equal((await readAccount((await signIn('bobby')).browser)).user?.id, user?.id);
    person('bobby', 'robert@elsewhere.example');
    assert.equal((await readAccount((await signIn('bobby')).browser)).user?.id, user?.id);
    // And whoever has the address now is somebody else.
    person('mallory', 'bob@elsewhere.example');
    assert.equal(await problemOf('mallory'), '/#sign-in=other_identity');
  });

  test('nobody else comes in, and each is told why', async () => {
    person('stranger', 'someone@sub.example.com');
    assert.equal(await problemOf('stranger'), '/#sign-in=unknown');
    person('claimant', 'ada@example.com', false);
    assert.equal(await problemOf('claimant'), '/#sign-in=email_unverified');
    assert.equal((await app.fetch('/api/auth/openid/', { method: 'HEAD' })).status, 404);
    person('dora');
    const { browser } = await signIn('dora');
    const { user } = await readAccount(browser);
    const disabling = { method: 'PATCH', body: '{"disabled":true}' };
    const headers = { 'content-type': 'application/json' };
    await expectJson(await admin.fetch(`/api/user/${user?.id}/`, { ...disabling, headers }), 200);
    await expectError(await browser.fetch('/api/account/'), 401, 'not_signed_in');
    assert.equal(await problemOf('dora'), '/#sign-in=disabled');
  });

  test('whoever turns back at the provider is on the page where they came from', async () => {
    const browser = openBrowser(app);
    const url = await begin(browser, '?return_to=%2Fchat%2F7%3Fleaf%3D9');
    assert.equal(await land(browser, await provider.cancel(url)), '/chat/7?leaf=9#sign-in=cancelled');
    for (const path of ['https://evil.example/', 'evil', '/a b', '/x#sign-in=expired', '/%0a\n'])
      assert.equal(
        (await browser.fetch(`/api/auth/openid/?return_to=${encodeURIComponent(path)}`)).status,
        400,
        path,
      );
  });

  describe('an answer that does not belong to what the browser began', () => {
    before(() => person('eve'));
    const refuse = async (browser: Browser, url: URL, problem: string) => {
      assert.equal(await land(browser, url), `/#sign-in=${problem}`);
      await expectError(await browser.fetch('/api/account/'), 401, 'not_signed_in');
    };

    test('is refused without the browser’s own cookie, or with one that was changed', async () => {
      const browser = openBrowser(app);
      const back = await provider.signIn(await begin(browser), 'eve');
      await refuse(openBrowser(app), back, 'expired');
      const [[name = '', value = ''] = []] = browser.cookies;
      const [text = ''] = value.split('.');
      const forged = Buffer.from(text, 'base64url')
        .toString()
        .replace('"returnTo":"/"', '"returnTo":"@evil"');
      browser.cookies.set(name, `${Buffer.from(forged).toString('base64url')}.${value.split('.')[1]}`);
      await refuse(browser, back, 'expired');
    });

    test('is refused when it is another browser’s', async () => {
      const browser = openBrowser(app);
      await begin(browser);
      await refuse(browser, await provider.signIn(await begin(openBrowser(app)), 'eve'), 'failed');
    });

    test('is refused with a state, a nonce or a challenge that was changed on the way', async () => {
      for (const name of ['state', 'nonce', 'code_challenge']) {
        const browser = openBrowser(app);
        const url = new URL(await begin(browser));
        url.searchParams.set(name, 'A'.repeat(43));
        await refuse(browser, await provider.signIn(url.href, 'eve'), 'failed');
      }
    });

    test('is good once', async () => {
      const browser = openBrowser(app);
      const url = await begin(browser);
      const kept = new Map(browser.cookies);
      const back = await provider.signIn(url, 'eve');
      assert.equal(await land(browser, back), '/');
      await refuse(openBrowser(app), back, 'expired');
      const again = openBrowser(app);
      for (const [name, value] of kept) again.cookies.set(name, value);
      await refuse(again, back, 'failed');
    });
  });

  test('the audit log says who came, and no secret or code stands in it or in the log', async () => {
    const browser = openBrowser(app);
    person('quinn');
    const url = await begin(browser);
    const back = await provider.signIn(url, 'quinn');
    await land(browser, back);
    const code = back.searchParams.get('code') ?? '';
    assert.ok(code.length > 20);
    const [text, rows] = [
      app.log.text,
      await app.inspect(db => db.selectFrom('audit_log').selectAll().execute()),
    ];
    const written = text + JSON.stringify(rows);
    for (const secret of [CLIENT_SECRET, code, new URL(url).searchParams.get('nonce') ?? ''])
      assert.ok(!written.includes(secret));
    const actions = rows.filter(({ details }) => JSON.stringify(details).includes(provider.issuer));
    assert.deepEqual([...new Set(actions.map(({ action }) => action))].sort(), [
      'identity-linked',
      'sign-in-failed',
      'sign-in-succeeded',
    ]);
    await app.restart();
  });
});

onEachDatabase('an OpenID provider', createApp => {
  const skipped = { SKIP_MODEL_LOADING: 'true' };

  test('that is away is said to be, and the page goes on', async () => {
    const provider = await startOpenidProvider();
    const app = await createApp({ env: { ...provider.env, ...skipped } });
    await provider.close();
    await createFirstAdmin(app);
    const response = await openBrowser(app).fetch('/api/auth/openid/?return_to=/documents');
    assert.equal(response.headers.get('location'), `${app.baseUrl}/documents#sign-in=unavailable`);
  });

  test('gets PUBLIC_URL to send people back to, and cookies are for HTTPS then', async context => {
    const provider = await startOpenidProvider();
    context.after(() => provider.close());
    const publicUrl = 'https://docs.example.com/lectern';
    const app = await createApp({ env: { ...provider.env, ...skipped, PUBLIC_URL: publicUrl } });
    const response = await openBrowser(app).fetch('/api/auth/openid/');
    const { searchParams } = new URL(response.headers.get('location') ?? '');
    assert.equal(searchParams.get('redirect_uri'), `${publicUrl}/api/auth/openid/callback/`);
    assert.match(response.headers.getSetCookie().join(), /^lectern_openid=[^;]+;.*; Secure$/);
    const lost = await openBrowser(app).fetch('/api/auth/openid/callback/?code=x&state=y');
    assert.equal(lost.headers.get('location'), `${publicUrl}/#sign-in=expired`);
  });

  test('makes nobody the first user of a server, and lets nobody new in unless told to', async context => {
    const provider = await startOpenidProvider();
    context.after(() => provider.close());
    provider.people.zoe = { email: 'zoe@example.com', email_verified: true, name: 'Zoe' };
    for (const [domains, isOpen] of [
      ['*', true],
      ['', false],
    ] as const) {
      const app = await createApp({
        env: { ...provider.env, ...skipped, OIDC_ALLOWED_DOMAINS: domains },
      });
      if (!isOpen) await createFirstAdmin(app);
      const browser = openBrowser(app);
      const start = await browser.fetch('/api/auth/openid/');
      const back = await provider.signIn(start.headers.get('location') ?? '', 'zoe');
      const response = await browser.fetch(`${back.pathname}${back.search}`);
      assert.equal(response.headers.get('location'), `${app.baseUrl}/#sign-in=unknown`);
    }
  });

  for (const emailInIdToken of [false, true])
    test(`is taken at its word where it says nothing of an address (${emailInIdToken ? 'ID token' : 'userinfo'}), if the settings trust it`, async context => {
      const provider = await startOpenidProvider({ emailInIdToken });
      context.after(() => provider.close());
      const verified = {
        silent: undefined,
        denied: false,
        'denied-in-a-word': 'false',
        odd: 'perhaps',
        sure: true,
      };
      for (const [login, email_verified] of Object.entries(verified))
        provider.people[login] = { email: `${login}@example.com`, email_verified, name: login };
      for (const trusts of ['true', 'false']) {
        const app = await createApp({
          env: {
            ...provider.env,
            ...skipped,
            OIDC_ALLOWED_DOMAINS: 'example.com',
            OIDC_TRUST_EMAIL: trusts,
          },
        });
        await createFirstAdmin(app);
        const land = async (login: string) => {
          const browser = openBrowser(app);
          const start = await browser.fetch('/api/auth/openid/');
          const back = await provider.signIn(start.headers.get('location') ?? '', login);
          const response = await browser.fetch(`${back.pathname}${back.search}`);
          return response.headers.get('location')?.slice(app.baseUrl.length);
        };
        const refused = '/#sign-in=email_unverified';
        assert.equal(await land('silent'), trusts === 'true' ? '/' : refused);
        // Only who is asked about it says more than the ID token, which is short.
        assert.equal(await land('sure'), trusts === 'true' || !emailInIdToken ? '/' : refused);
        for (const login of ['denied', 'denied-in-a-word', 'odd'])
          assert.equal(await land(login), refused, `${login} with ${trusts}`);
      }
    });

  test('is not there without settings', async () => {
    const app = await createApp({ env: skipped });
    await expectError(await app.fetch('/api/auth/openid/'), 404, 'not_found');
    await expectError(await app.fetch('/api/auth/openid/callback/?code=x'), 404, 'not_found');
  });
});
