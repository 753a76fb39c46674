import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { invite, readAccount } from '../../accounts/account-client.ts';
import type { Browser as Client } from '../../accounts/browser.ts';
import { ask, createSession, expectJson, postJson } from '../../api-client.ts';
import type { BrowserTest } from '../browser/browser-test.ts';
import { visitAs } from './as-user.ts';
import type { Look } from './look.ts';
import type { People } from './people.ts';

/** Administrators see no chats, unless an owner of the workspace lets one; each look is written down. */
export function testChats(browser: BrowserTest, people: People, look: Look): void {
  describe('chats of others', () => {
    let zoe: Client;
    before(async () => {
      // Zoe administers the server and is in another workspace than the one with the chat.
      const { workspaces } = await readAccount(people.ada);
      const turnTo = async (name: string) => {
        const id = workspaces.find(workspace => workspace.name === name)?.id;
        await expectJson(await postJson(people.ada, '/api/account/workspace/', { workspace_id: id }), 200);
      };
      await turnTo('Lighthouse');
      zoe = await invite(browser.app, people.ada, 'zoe@example.com', 'reader');
      await turnTo('Harbour');
      const { user } = await readAccount(zoe);
      const promoted = await people.ada.fetch(`/api/user/${user?.id}/`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ is_admin: true }),
      });
      await expectJson(promoted, 200);
      const session = await createSession(people.ada);
      await ask(people.ada, session, 'When does the ferry leave?');
    });

    test('nobody looks without being let; who is let is warned, and the log says so', async () => {
      const page = await visitAs(browser, zoe, '/admin/chats', { bypassCSP: true });
      await page.getByText('No owner of a workspace lets you look at its chats.').waitFor();

      const owner = await visitAs(browser, people.ada, '/admin/chat-access', { bypassCSP: true });
      await owner.getByLabel('E-mail address of the administrator').fill('zoe@example.com');
      await owner.getByLabel('Reason').fill('A complaint of 12 May');
      await owner.getByRole('button', { name: 'Save' }).click();
      await owner.getByRole('button', { name: 'Take back the access of zoe' }).waitFor();
      await look(owner, 'chat-access');

      await page.goto(`${browser.app.baseUrl}/admin/chats`);
      await page.getByText('Reason given: A complaint of 12 May').waitFor();
      await look(page, 'chats-warning');
      await page.getByRole('button', { name: 'Look at the chats' }).click();
      const chat = page.getByRole('region', { name: 'List of chats' }).locator('tr[data-index] a').first();
      await chat.click();
      await page.getByText('When does the ferry leave?').first().waitFor();
      await look(page, 'chat');

      await owner.goto(`${browser.app.baseUrl}/admin/audit-log?action=chat-read`);
      const log = owner.getByRole('region', { name: 'Entries of the audit log' });
      await log.getByText('zoe@example.com').first().waitFor();

      await owner.goto(`${browser.app.baseUrl}/admin/chat-access`);
      await owner.getByRole('button', { name: 'Take back the access of zoe' }).click();
      await owner.getByText('Nobody.').waitFor();
      await page.reload();
      await page.getByRole('alert').waitFor();
      assert.equal(await page.getByText('When does the ferry leave?').count(), 0);
    });
  });
}
