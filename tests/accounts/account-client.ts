import assert from 'node:assert/strict';
import type { z } from 'zod';
import * as contract from '../../contract/accounts/accounts.ts';
import { account, type newApiKey, newInvite } from '../../contract/accounts/accounts.ts';
import type { Role, Scope } from '../../contract/accounts/permissions.ts';
import { type Client, expectJson, postJson } from '../api-client.ts';
import { type Browser, openBrowser } from './browser.ts';

export const PASSWORD = 'correct horse battery';
export const ADMIN = { email: 'ada@example.com', name: 'Ada', password: PASSWORD };

/** Makes the first account of an open server and signs it in. */
export async function createFirstAdmin(app: Client): Promise<Browser> {
  await expectJson(await postJson(app, '/api/auth/set-up/', ADMIN), 201);
  return signIn(app, ADMIN.email);
}

export async function signIn(app: Client, email: string, password = PASSWORD): Promise<Browser> {
  const browser = openBrowser(app);
  const answer = await postJson(browser, '/api/auth/sign-in/', { email, password });
  assert.deepEqual(await expectJson(answer, 200), { second_factor: false });
  return browser;
}

/** Someone new in the workspace of the owner who invites them, signed in. */
export async function invite(app: Client, owner: Client, email: string, role: Role): Promise<Browser> {
  const { link } = newInvite.parse(
    await expectJson(await postJson(owner, '/api/workspace/invite/', { role }), 201),
  );
  const token = link.split('#')[1];
  const newcomer = { token, email, name: email.split('@')[0], password: PASSWORD };
  await expectJson(await postJson(app, '/api/auth/accept-invite/', newcomer), 201);
  return signIn(app, email);
}

export async function readAccount(browser: Client): Promise<z.infer<typeof account>> {
  return account.parse(await expectJson(await browser.fetch('/api/account/'), 200));
}

export async function createKey(
  owner: Client,
  scopes: Scope[],
  more: object = {},
): Promise<z.infer<typeof newApiKey>> {
  const answer = await postJson(owner, '/api/key/', { name: 'a key', scopes, ...more });
  return contract.newApiKey.parse(await expectJson(answer, 201));
}

/** Requests with the secret of a key. */
export const withKey = (app: Client, secret: string): Client => ({
  fetch: (path, init = {}) => {
    const headers = new Headers(init.headers);
    headers.set('authorization', `Bearer ${secret}`);
    return app.fetch(path, { ...init, headers });
  },
});
