import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createFirstAdmin } from '../accounts/account-client.ts';
import { upload } from '../api-client.ts';
import { answered, askInPage, describeInBrowser, takePicture } from './browser/browser-test.ts';
import { colours, everything, findViolations, setColourScheme } from './browser/find-violations.ts';

const PASSWORD = 'correct horse battery';

describeInBrowser('signing in', {}, browser => {
  const problems: string[] = [];
  const check = async (page: Page, name: string) => {
    for (const [colorScheme, rules] of [
      ['light', everything],
      ['dark', colours],
    ] as const) {
      await setColourScheme(page, colorScheme);
      await takePicture(page, `${name}-${colorScheme}`);
      const found = await findViolations(page, rules);
      problems.push(...found.map(violation => `${name} ${colorScheme}: ${violation}`));
    }
  };
  const visible = (page: Page, name: string) => page.getByRole('heading', { name }).first().waitFor();

  before(async () => {
    await upload(browser.app, 'The canary lives in the lighthouse of Tangen.', 'canary.txt');
  });

  test('the first account is made, and then one signs in, asks and signs out', async () => {
    const page = await browser.visit('/account', { bypassCSP: true });
    await visible(page, 'First administrator');
    await check(page, 'account-open');
    await page.getByLabel('E-mail address').fill('ada@example.com');
    await page.getByLabel('Name', { exact: true }).fill('Ada');
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByLabel('Your question').waitFor();

    await page.getByRole('link', { name: 'Account' }).click();
    await visible(page, 'Members');
    await page.getByText('Ada (ada@example.com)').waitFor();
    await check(page, 'account');
    await page.getByRole('button', { name: 'Sign out', exact: true }).click();
    await visible(page, 'Sign in');
    await check(page, 'sign-in');

    await page.getByLabel('E-mail address').fill('ada@example.com');
    await page.getByLabel('Password', { exact: true }).fill('not the right one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    const refusal = page.getByRole('alert').filter({ hasText: 'You are not signed in' });
    await refusal.getByText('The e-mail address or the password is not right.').waitFor();
    await check(page, 'sign-in-refused');
    await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await askInPage(page, 'Where does the canary live?');
    await answered(page);
    await page.getByText('lighthouse of Tangen').first().waitFor();
  });

  test('who opens the page without being signed in is asked to, and an invite makes a member', async () => {
    const owner = await browser.visit('/', { bypassCSP: true });
    await visible(owner, 'Sign in');
    await owner.getByLabel('E-mail address').fill('ada@example.com');
    await owner.getByLabel('Password', { exact: true }).fill(PASSWORD);
    await owner.getByRole('button', { name: 'Sign in' }).click();
    await owner.getByRole('link', { name: 'Account' }).click();
    await owner.getByRole('button', { name: 'Make a link' }).click();
    const link = await owner.getByText(/\/invite#/).textContent();
    const { pathname, hash } = new URL(link ?? '');

    const page = await browser.visit(`${pathname}${hash}`, { bypassCSP: true });
    await page.getByText('To the workspace “default” as Reader.').waitFor();
    await check(page, 'invite');
    await page.getByLabel('E-mail address').fill('rita@example.com');
    await page.getByLabel('Name', { exact: true }).fill('Rita');
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByLabel('Your question').waitFor();
    await page.getByRole('link', { name: 'Account' }).click();
    await visible(page, 'Rita');
    assert.equal(await page.getByRole('heading', { name: 'API keys' }).count(), 0, 'a reader has no keys');
  });

  test('axe finds nothing', () => assert.deepEqual(problems, []));
});

/** Where nobody listens: no request leaves the machine. */
const provider = { OIDC_ISSUER: 'http://127.0.0.1:9', OIDC_CLIENT_ID: 'lectern', OIDC_NAME: 'Example ID' };

describeInBrowser('signing in with a provider', { env: provider }, browser => {
  test('the page leads there and, when it is away, says so in the reader’s language where one was', async () => {
    await createFirstAdmin(browser.app);
    for (const [locale, button, reason] of [
      ['en-GB', 'Sign in with Example ID', 'Example ID can’t be reached.'],
      ['de-DE', 'Mit Example ID anmelden', 'Example ID ist nicht erreichbar.'],
      ['fr-FR', 'Se connecter avec Example ID', 'Example ID est injoignable.'],
      ['es-ES', 'Iniciar sesión con Example ID', 'No se puede acceder a Example ID.'],
    ] as const) {
      const page = await browser.visit('/documents?q=ferry', { bypassCSP: true, locale });
      await page.getByRole('link', { name: button }).click();
      await page.getByText(reason).waitFor();
      const { pathname, search, hash } = new URL(page.url());
      assert.deepEqual([pathname, search, hash], ['/documents', '?q=ferry', '#sign-in=unavailable']);
      assert.deepEqual(await findViolations(page, everything), []);
    }
  });
});
