import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { documentTable } from '../../../contract/administration/tables.ts';
import { expectJson } from '../../api-client.ts';
import type { BrowserTest } from '../browser/browser-test.ts';
import { visitAs } from './as-user.ts';
import type { Look } from './look.ts';
import type { People } from './people.ts';

/** By their addresses below /admin/, those that the navigation leads to and those that rows lead to. */
const views = {
  documents: 'documents',
  jobs: 'jobs',
  keys: 'keys',
  'audit-log': 'audit-log',
  'chat-access': 'chat-access',
  settings: 'settings?shown=all',
  'settings-history': 'settings/history',
  users: 'users',
  workspaces: 'workspaces',
  members: 'workspaces/1',
  'server-jobs': 'server/jobs',
  'server-keys': 'server/keys',
  'server-audit-log': 'server/audit-log',
  chats: 'chats',
};
const sizes = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

/** That every view can be read in light and dark, on a large screen and on a phone, and is no wider than it. */
export function testEachView(browser: BrowserTest, people: People, look: Look): void {
  describe('each view, in light and dark, on a large screen and on a phone', () => {
    const lookAt = async (page: Page, name: string, path: string) => {
      for (const [size, viewport] of Object.entries(sizes)) {
        await page.setViewportSize(viewport);
        await page.goto(`${browser.app.baseUrl}/admin/${path}`);
        await page.getByRole('heading', { level: 2 }).last().waitFor();
        await page.locator('.mantine-Skeleton-root').first().waitFor({ state: 'detached' });
        await look(page, `view-${name}-${size}`);
        assert.equal(await page.evaluate('document.documentElement.scrollWidth - innerWidth'), 0, path);
        const { left, right } = await page
          .getByRole('navigation', { name: 'Views of the administration' })
          .locator('[aria-current=page]')
          .evaluate((one: { getBoundingClientRect(): { left: number; right: number } }) =>
            one.getBoundingClientRect(),
          );
        assert.ok(left >= 0 && right <= viewport.width, `${path}: where one is can’t be seen`);
      }
    };

    test('those that the navigation leads to, and theirs', async () => {
      const page = await visitAs(browser, people.ada, '/admin', { bypassCSP: true });
      const links = page.getByRole('navigation', { name: 'Views of the administration' }).getByRole('link');
      await links.first().waitFor();
      const addresses: string[] = await links.evaluateAll((all: { pathname: string }[]) =>
        all.map(({ pathname }) => pathname.replace('/admin/', '')),
      );
      assert.deepEqual(
        addresses.filter(address => !Object.values(views).some(path => path.split('?')[0] === address)),
        [],
        'a view is not looked at',
      );
      for (const [name, path] of Object.entries(views)) await lookAt(page, name, path);
    });

    test('what was made of a document', async () => {
      const page = await visitAs(browser, people.ada, '/admin', { bypassCSP: true });
      const answer = await expectJson(await people.ada.fetch('/api/admin/document/?q=tangen'), 200);
      const [document] = documentTable.parse(answer).items;
      for (const part of ['text', 'chunks', 'passages'])
        await lookAt(page, part, `documents/${document?.id}?part=${part}`);
    });

    test('a row that is opened with the keyboard stays where it is in its cell', async () => {
      const page = await visitAs(browser, people.ada, '/admin/documents?q=tangen');
      await page.getByRole('link', { name: 'Tangen' }).click();
      await page.getByRole('link', { name: 'Passages' }).click();
      const row = page.getByRole('region', { name: 'Passages' }).locator('tr[data-index]').first();
      await row.getByRole('link').click();
      await page.getByRole('dialog', { name: 'Passage 1' }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      const scrolled = await row
        .locator('td')
        .first()
        .evaluate((cell: { scrollLeft: number }) => cell.scrollLeft);
      assert.equal(scrolled, 0);
    });
  });
}
