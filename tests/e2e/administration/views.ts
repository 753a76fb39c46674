import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createKey } from '../../accounts/account-client.ts';
import { upload } from '../../api-client.ts';
import { waitUntil } from '../../wait-until.ts';
import type { BrowserTest } from '../browser/browser-test.ts';
import { visitAs } from './as-user.ts';
import type { Look } from './look.ts';
import type { People } from './people.ts';

const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

/** Each view of the administration, with what is particular to it. */
export function testViews(browser: BrowserTest, people: People, look: Look): void {
  describe('views', () => {
    before(async () => {
      await upload(
        people.ada,
        `# Tangen\n\n${'The canary lives in the lighthouse. '.repeat(60)}`,
        'canary.md',
      );
      await upload(people.ada, 'The ferry leaves at noon.', 'ferry.txt');
      await upload(people.ada, 'To be deleted.', 'old.txt');
      const form = new FormData();
      form.append('file', new File(['%PDF-1.4 broken'], 'broken.pdf', { type: 'application/pdf' }));
      assert.equal((await people.ada.fetch('/api/document/', { method: 'POST', body: form })).status, 422);
    });

    test('documents: their state, text, chunks and passages, and all that is deleted with them', async () => {
      const page = await visitAs(browser, people.ada, '/admin/documents', { bypassCSP: true });
      const table = section(page, 'List of documents');
      await table
        .getByRole('row', { name: /broken\.pdf/ })
        .getByText('Failed')
        .waitFor();
      await look(page, 'documents');
      await table.getByRole('link', { name: 'Tangen' }).click();
      await section(page, 'Text').getByText('The canary lives').first().waitFor();
      await look(page, 'document-text');
      await page.getByRole('link', { name: 'Passages' }).click();
      const passages = section(page, 'Passages');
      await passages
        .getByRole('link', { name: /The canary/ })
        .first()
        .click();
      await page.getByRole('dialog', { name: 'Passage 1' }).getByText('Embedded').waitFor();
      await look(page, 'document-passage');
      await page.keyboard.press('Escape');
      await page.getByRole('link', { name: 'Chunks' }).click();
      await section(page, 'Chunks')
        .getByRole('link', { name: /The canary/ })
        .first()
        .waitFor();

      await page.goto(`${browser.app.baseUrl}/admin/documents?q=old`);
      await table.getByRole('button', { name: 'Actions for old.txt' }).click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
      await page.getByText('Nothing matches.').waitFor();
    });

    test('jobs: what has failed is tried again', async () => {
      const page = await visitAs(browser, people.ada, '/admin/jobs?state=failed', { bypassCSP: true });
      const table = section(page, 'List of jobs');
      await table.getByRole('link', { name: 'broken.pdf' }).waitFor();
      await look(page, 'jobs');
      await table.getByRole('button', { name: 'Actions for broken.pdf' }).click();
      const retried = page.waitForResponse(response => response.url().endsWith('/api/admin/job/bulk/'));
      await page.getByRole('menuitem', { name: 'Try again' }).click();
      assert.equal((await (await retried).json()).done, 1);
      await table.getByRole('link', { name: 'broken.pdf' }).waitFor();
      await page.goto(`${browser.app.baseUrl}/admin/server/jobs`);
      await table
        .getByRole('row', { name: /Harbour/ })
        .getByText('Failed')
        .waitFor();
      assert.equal(await table.getByText('broken.pdf').count(), 0, 'names of documents are the workspace’s');
    });

    test('workspaces: how much is in each, a new one, and who is in it', async () => {
      const page = await visitAs(browser, people.ada, '/admin/workspaces', { bypassCSP: true });
      const table = section(page, 'List of workspaces');
      await page.getByRole('button', { name: 'Create', exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'New workspace' });
      await dialog.getByLabel('Name').fill('Quay');
      await dialog.getByRole('button', { name: 'Create' }).click();
      await table.getByRole('link', { name: 'Quay' }).waitFor();
      await look(page, 'workspaces');
      await table.getByRole('link', { name: 'Harbour' }).click();
      await section(page, 'Members')
        .getByRole('row', { name: /rita@example.com/ })
        .getByText('Reader')
        .waitFor();
    });

    test('keys are revoked, and the audit log says by whom', async () => {
      await createKey(people.ada, ['read'], { name: 'of the night' });
      const page = await visitAs(browser, people.ada, '/admin/server/keys?q=of', { bypassCSP: true });
      const table = section(page, 'List of API keys');
      await table.getByRole('checkbox', { name: 'Select of the night' }).click();
      await look(page, 'keys');
      await page.getByRole('region', { name: 'Selection' }).getByRole('button', { name: 'Revoke' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
      await table.getByText('Revoked').waitFor();

      await page.goto(`${browser.app.baseUrl}/admin/server/audit-log?action=key-revoked`);
      const log = section(page, 'Entries of the audit log');
      const entry = log.locator('tr[data-index]').first();
      await entry.getByText('ada@example.com').waitFor();
      await look(page, 'audit-log');
      await entry.getByRole('link', { name: 'key-revoked' }).click();
      await page.getByRole('dialog').getByText('127.0.0.1').waitFor();
      await look(page, 'audit-entry');
    });

    test('tables are filtered by an address, a name and how a key begins', async () => {
      const { prefix } = await createKey(people.ada, ['read', 'admin'], { name: 'of the day' });
      const page = await visitAs(browser, people.ada, '/admin/server/audit-log');
      const log = section(page, 'Entries of the audit log');
      const rows = log.locator('tr[data-index]');
      await rows.getByText('ada@example.com').first().waitFor();
      await page.getByLabel('User', { exact: true }).fill('rita@example.com');
      await rows.getByText('rita@example.com').first().waitFor();
      await waitUntil('nobody else is left', async () => (await rows.getByText('ada@').count()) === 0);
      await page.getByLabel('User', { exact: true }).fill('');
      await page.getByLabel('API key', { exact: true }).fill(prefix);
      // Nothing was done with it.
      await waitUntil('nothing is left', async () => (await rows.count()) === 0);

      await page.goto(`${browser.app.baseUrl}/admin/server/keys`);
      const keys = section(page, 'List of API keys').locator('tr[data-index]');
      await keys.getByText('of the day').waitFor();
      await page.getByLabel('Workspace', { exact: true }).fill('nowhere');
      await waitUntil('no workspace is called so', async () => (await keys.count()) === 0);
      await page.getByLabel('Workspace', { exact: true }).fill('');
      await page.getByLabel('Made by', { exact: true }).fill('ada');
      // Busy with something else, it learns of both at once.
      await page.evaluate('for (const start = performance.now(); performance.now() - start < 600; );');
      await keys.getByText('of the day').waitFor();
    });
  });
}
