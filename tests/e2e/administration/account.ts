import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { PASSWORD, signIn } from '../../accounts/account-client.ts';
import { codeNow } from '../../accounts/authenticator.ts';
import { type BrowserTest, waitForFocus } from '../browser/browser-test.ts';
import { visitAs } from './as-user.ts';
import type { Look } from './look.ts';
import type { People } from './people.ts';
import { readQrCode } from './read-qr-code.ts';

async function signInBy(page: Page, email: string): Promise<void> {
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** What people do with their own account, and owners with their workspace. */
export function testAccount(browser: BrowserTest, people: People, look: Look): void {
  describe('the account', () => {
    test('an authenticator is set up, asked for when signing in, and switched off', async () => {
      // A sign-in of its own: it ends with the test.
      const rita = await signIn(browser.app, 'rita@example.com');
      const page = await visitAs(browser, rita, '/account', { bypassCSP: true });
      const factor = section(page, 'Second factor');
      await factor.getByLabel('Your password').fill(PASSWORD);
      await factor.getByRole('button', { name: 'Set up' }).click();
      const shown = await readQrCode(factor.getByRole('img', { name: 'QR code for the authenticator' }));
      const code = factor.getByLabel('Code that the authenticator shows');
      await waitForFocus(code);
      await look(page, 'second-factor');
      const secret = (await factor.locator('code').first().textContent()) ?? '';
      assert.match(shown, /^otpauth:\/\/totp\//);
      assert.equal(new URL(shown).searchParams.get('secret'), secret.replaceAll(' ', ''));
      const [recovery = ''] = (
        (await factor.getByLabel('Recovery codes', { exact: true }).textContent()) ?? ''
      ).split('\n');
      await code.fill('000000');
      await factor.getByRole('button', { name: 'Turn on' }).click();
      await factor.getByRole('alert').waitFor();
      await code.fill(codeNow(secret));
      await factor.getByRole('button', { name: 'Turn on' }).click();
      await factor.getByText('The second factor is on.').waitFor();

      for (const given of [codeNow(secret).replace(/^.../, '$& '), recovery]) {
        await page.getByRole('button', { name: 'Sign out', exact: true }).click();
        await signInBy(page, 'rita@example.com');
        const asked = page.getByLabel('Code', { exact: true });
        await waitForFocus(asked);
        await asked.fill(given);
        await page.getByRole('button', { name: 'Sign in' }).click();
        await page.getByLabel('Your question').waitFor();
        await page.getByRole('link', { name: 'Account' }).click();
      }

      await factor.getByLabel('Your password').fill(PASSWORD);
      await factor.getByRole('button', { name: 'Turn off' }).click();
      await factor.getByRole('button', { name: 'Set up' }).waitFor();
      await page.getByRole('button', { name: 'Sign out', exact: true }).click();
      await signInBy(page, 'rita@example.com');
      await page.getByLabel('Your question').waitFor();
    });

    test('a reader may do nothing for the workspace, and sees no administration', async () => {
      const page = await visitAs(browser, people.rita, '/account');
      await section(page, 'Workspace').getByLabel('Work in').waitFor();
      for (const name of ['Members', 'Invites', 'API keys'])
        assert.equal(await section(page, name).count(), 0, name);
      assert.equal(await page.getByRole('link', { name: 'Administration' }).count(), 0);
      await page.goto(`${browser.app.baseUrl}/admin/users`);
      await page.getByText('There is nothing here').waitFor();
    });

    test('an owner renames the workspace, invites for an address, takes it back, changes a role', async () => {
      const page = await visitAs(browser, people.ada, '/account', { bypassCSP: true });
      const workspace = section(page, 'Workspace');
      await workspace.getByLabel('Name of the workspace').fill('Harbour');
      await workspace.getByRole('button', { name: 'Rename' }).click();
      await workspace.getByRole('combobox').getByText('Harbour').waitFor({ state: 'attached' });

      const invites = section(page, 'Invites');
      await invites.getByLabel('E-mail address').fill('zoe@example.com');
      await invites.getByLabel('Invite as').selectOption('editor');
      await invites.getByLabel('Good for days').fill('2');
      await invites.getByRole('button', { name: 'Make a link' }).click();
      await invites.getByText(`${browser.app.baseUrl}/invite#`).waitFor();
      await invites.getByText('zoe@example.com · Editor').waitFor();
      await look(page, 'account');
      await invites.getByRole('button', { name: 'Take back the invite for zoe@example.com' }).click();
      await invites.getByText('zoe@example.com · Editor').waitFor({ state: 'detached' });

      const members = section(page, 'Members');
      await members.getByLabel('Role of rita').selectOption('editor');
      await page.reload();
      assert.equal(await members.getByLabel('Role of rita').inputValue(), 'editor');
      await members.getByLabel('Role of rita').selectOption('reader');
    });

    test('a key is made for some days, and revoked when it was asked for twice', async () => {
      const page = await visitAs(browser, people.ada, '/account');
      const keys = section(page, 'API keys');
      await keys.getByLabel('Name of a new key').fill('for a night');
      await keys.getByLabel('Good for days').fill('1');
      await keys.getByRole('button', { name: 'Make a key' }).click();
      await keys.getByText(/^lectern_/).waitFor();
      await keys.getByRole('listitem').filter({ hasText: 'for a night' }).getByText('until').waitFor();
      await keys.getByRole('button', { name: 'Revoke for a night' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: 'Cancel' }).click();
      await dialog.waitFor({ state: 'detached' });
      await keys.getByText('for a night').waitFor();
      await keys.getByRole('button', { name: 'Revoke for a night' }).click();
      await dialog.getByRole('button', { name: 'Revoke' }).click();
      await keys.getByText('for a night').waitFor({ state: 'detached' });
    });

    test('an administrator makes a workspace, and is in it', async () => {
      const page = await visitAs(browser, people.ada, '/account');
      const workspace = section(page, 'Workspace');
      await workspace.getByLabel('New workspace').fill('Lighthouse');
      await workspace.getByRole('button', { name: 'Create' }).click();
      await page.getByLabel('Your question').waitFor();
      await page.getByRole('link', { name: 'Account' }).click();
      const choice = workspace.getByLabel('Work in');
      assert.equal(await choice.locator('option:checked').textContent(), 'Lighthouse');
      await choice.selectOption('Harbour');
      await page.getByLabel('Your question').waitFor();
    });
  });
}
