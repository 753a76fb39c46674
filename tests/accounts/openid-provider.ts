import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import Provider from 'oidc-provider';
import { type Browser, openBrowser } from './browser.ts';

type Person = {
  email: string;
  /** Undefined: the provider does not say. */
  email_verified?: boolean | string | undefined;
  name: string;
};

type Options = {
  /** The e-mail address stands in the ID token, whether it is verified only in what the userinfo endpoint says. */
  emailInIdToken?: boolean;
};

export type TestProvider = {
  issuer: string;
  /** Settings of a Lectern that knows it. */
  env: Record<string, string>;
  /** By what they sign in as, which is their subject; may change. */
  people: Record<string, Person>;
  /** Signs in there and consents, as a person does. @returns where the browser is sent back to. */
  signIn(url: string, login: string): Promise<URL>;
  /** Turns back instead. */
  cancel(url: string): Promise<URL>;
  close(): Promise<void>;
};

export const CLIENT_SECRET = 'a-secret-of-the-client-0123456789';

/** The certified OpenID provider `oidc-provider`, on a port of its own, with the pages for signing in that it brings. */
export async function startOpenidProvider({ emailInIdToken = false }: Options = {}): Promise<TestProvider> {
  const server = createServer((request, response) => void provider.callback()(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  const issuer = `http://127.0.0.1:${address.port}`;
  const people: Record<string, Person> = {};
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'lectern',
        client_secret: CLIENT_SECRET,
        // Its redirect address may have any port.
        application_type: 'native',
        redirect_uris: ['http://127.0.0.1/api/auth/openid/callback/'],
      },
    ],
    findAccount: (_, id) => ({
      accountId: id,
      claims: async use => ({
        sub: id,
        ...people[id],
        ...(use === 'id_token' && { email_verified: undefined }),
      }),
    }),
    conformIdTokenClaims: !emailInIdToken,
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    pkce: { required: () => true },
    cookies: { keys: ['of this test'] },
    jwks: {
      keys: [generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' })],
    },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600 },
  });
  const at = (url: string) => new URL(url, issuer);
  /** Follows redirects until a page is there, or the browser leaves. */
  const follow = async (browser: Browser, url: URL): Promise<URL | string> => {
    if (url.origin !== issuer) return url;
    const response = await browser.fetch(`${url.pathname}${url.search}`);
    const next = response.headers.get('location');
    if (next !== null) return follow(browser, at(next));
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return text;
  };
  const open = () => openBrowser({ fetch: (path, init) => fetch(`${issuer}${path}`, init) });
  return {
    issuer,
    people,
    env: {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: 'lectern',
      OIDC_CLIENT_SECRET: CLIENT_SECRET,
      OIDC_NAME: 'Example ID',
    },
    async signIn(url, login) {
      const browser = open();
      let found = await follow(browser, at(url));
      while (typeof found === 'string') {
        const [, action = ''] = /<form[^>]* action="([^"]+)"/.exec(found) ?? [];
        const [, prompt = ''] = /name="prompt" value="(\w+)"/.exec(found) ?? [];
        const body = new URLSearchParams({ prompt, ...(prompt === 'login' && { login, password: 'any' }) });
        const path = at(action);
        const response = await browser.fetch(`${path.pathname}${path.search}`, { method: 'POST', body });
        found = await follow(browser, at(response.headers.get('location') ?? ''));
      }
      return found;
    },
    async cancel(url) {
      const browser = open();
      const page = await follow(browser, at(url));
      assert.ok(typeof page === 'string');
      const [, path = ''] = /href="([^"]+\/abort)"/.exec(page) ?? [];
      const back = await follow(browser, at(path));
      assert.ok(back instanceof URL);
      return back;
    },
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
