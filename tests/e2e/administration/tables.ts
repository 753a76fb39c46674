import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Locator, Page } from 'playwright-core';
import { matchingResult } from '../../../contract/administration/lists.ts';
import { expectJson, postJson } from '../../api-client.ts';
import { waitUntil } from '../../wait-until.ts';
import { type BrowserTest, waitForFocus } from '../browser/browser-test.ts';
import { visitAs } from './as-user.ts';
import type { Look } from './look.ts';
import type { People } from './people.ts';

/** Of 100,000 rows each table is asked for in tests/administration; the page loads them in parts, however many there are. */
const USERS = 20_000;
/** Twice what fits on the screen, and some. */
const MOST_ROWS = 80;
/** What is used of an element of the page. */
type Scrollable = { scrollTop: number; scrollHeight: number };

/**
 * Of the parts, the second fails for two rows as the page sees it, the third as a whole, and while the fourth is done
 * it is stopped.
 */
async function failOnTheWay(page: Page): Promise<void> {
  let parts = 0;
  await page.route(/\/api\/admin\/user\/matching\//, async route => {
    if (route.request().method() !== 'POST') return route.continue();
    parts += 1;
    if (parts === 3) {
      const error = { code: 'overloaded', message: 'There is too much to do.', requestId: 'part-3' };
      return route.fulfill({ status: 503, json: { error } });
    }
    if (parts === 4) await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click();
    const response = await route.fetch();
    if (parts !== 2) return route.fulfill({ response });
    const result = matchingResult.parse(await response.json());
    const failure = { outcome: 'failed' as const, code: 'last_admin', message: 'Somebody must stay.' };
    const results = result.results.map((one, at) => (at < 2 ? { ...one, ...failure } : one));
    return route.fulfill({ response, json: { ...result, results, done: result.done - 2, failed: 2 } });
  });
}

const tableOf = (page: Page, name = 'List of users') => page.getByRole('region', { name });
const rowsOf = (table: Locator) => table.locator('tr[data-index]');
const parameterOf = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

/** What all tables do, shown with one of very many rows. */
export function testTables(browser: BrowserTest, people: People, look: Look): void {
  describe('tables', () => {
    before(async () => {
      await browser.app.inspect(db =>
        sql`INSERT INTO users (email, name) SELECT 'person-' || n || '@example.com', 'Person ' || n
          FROM generate_series(1, ${USERS}::int) AS n`.execute(db),
      );
      await browser.app.restart();
    });

    test(`of ${USERS} rows only those exist that are seen, wherever one scrolls`, async () => {
      const page = await visitAs(browser, people.ada, '/admin/users', { bypassCSP: true });
      const table = tableOf(page);
      await table.getByRole('link', { name: `person-${USERS}@example.com` }).waitFor();
      await look(page, 'users');
      const last = rowsOf(table).last();
      for (let step = 0; step < 5; step++) {
        assert.ok((await rowsOf(table).count()) <= MOST_ROWS);
        const before = Number(await last.getAttribute('aria-rowindex'));
        await table.evaluate((one: Scrollable) => {
          one.scrollTop = one.scrollHeight;
        });
        await waitUntil(
          'more is shown',
          async () => Number(await last.getAttribute('aria-rowindex')) > before,
        );
      }
      assert.ok(Number(await last.getAttribute('aria-rowindex')) > 500);
    });

    test('search, filters and order stand in the address, which shows the same to whoever opens it', async () => {
      const page = await visitAs(browser, people.ada, '/admin/users');
      const table = tableOf(page);
      await page.getByLabel('Search', { exact: true }).fill('person-777');
      await table.getByRole('link', { name: 'person-777@example.com' }).waitFor();
      await waitUntil('the address says so', async () => parameterOf(page, 'q') === 'person-777');
      await page.getByLabel('State').selectOption('active');
      await table.getByRole('button', { name: 'E-mail address' }).click();
      await waitUntil('the address says how', async () => parameterOf(page, 'sort') === 'email');
      assert.equal(parameterOf(page, 'state'), 'active');
      await waitUntil('so are the rows', async () =>
        /^person-7770@/.test((await rowsOf(table).first().textContent()) ?? ''),
      );
      assert.equal(
        await table.getByRole('columnheader', { name: 'E-mail address' }).getAttribute('aria-sort'),
        'ascending',
      );
      const shown = await rowsOf(table).allTextContents();

      const other = await visitAs(
        browser,
        people.ada,
        new URL(page.url()).href.slice(browser.app.baseUrl.length),
      );
      await tableOf(other).getByRole('link', { name: 'person-777@example.com' }).waitFor();
      assert.deepEqual(await rowsOf(tableOf(other)).allTextContents(), shown);
      await page.getByLabel('State').selectOption('disabled');
      await page.getByText('Nothing matches.').waitFor();
      await page.goBack();
    });

    test('the CSV file has all rows of the search, not only those that were loaded', async () => {
      const page = await visitAs(browser, people.ada, '/admin/users?q=person-12');
      await tableOf(page).getByRole('link', { name: 'person-12999@example.com' }).waitFor();
      const downloaded = page.waitForEvent('download');
      await page.getByRole('link', { name: 'CSV' }).click();
      const stream = await (await downloaded).createReadStream();
      const chunks: Buffer[] = [];
      for await (const chunk of stream) chunks.push(chunk as Buffer);
      const lines = Buffer.concat(chunks).toString('utf8').trim().split(/\r?\n/);
      // person-12, 120 to 129, 1200 to 1299, 12000 to 12999.
      assert.equal(lines.length, 1 + 1_111);
    });

    test('rows are reached and chosen with the keyboard alone, a range with the shift key', async () => {
      const page = await visitAs(browser, people.ada, '/admin/users?q=person-333');
      const table = tableOf(page);
      const boxes = rowsOf(table).getByRole('checkbox');
      await boxes.first().waitFor();
      await boxes.first().focus();
      await page.keyboard.press('ArrowDown');
      await waitForFocus(boxes.nth(1));
      await page.keyboard.press('Space');
      await page.getByText('1 selected').waitFor();
      await page.keyboard.press('ArrowDown');
      await page.keyboard.press('ArrowDown');
      await waitForFocus(boxes.nth(3));
      await boxes.nth(3).click({ modifiers: ['Shift'] });
      await page.getByText('3 selected').waitFor();
      await page.getByRole('button', { name: 'Clear the selection' }).click();
      assert.equal(await table.getByRole('checkbox', { checked: true }).count(), 0);
    });

    test('something is done with many rows after a question, and what failed is said', async () => {
      const page = await visitAs(browser, people.ada, '/admin/users?q=person-444', { bypassCSP: true });
      const table = tableOf(page);
      await rowsOf(table).first().waitFor();
      await table.getByRole('checkbox', { name: 'Select all loaded rows' }).click();
      const count = await rowsOf(table).count();
      const chosen = page.getByRole('region', { name: 'Selection' });
      await chosen.getByText(`${count} selected`).waitFor();
      await look(page, 'users-selected');
      await chosen.getByRole('button', { name: 'Disable' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(`Disable ${count} users?`).waitFor();
      await dialog.getByRole('button', { name: 'Disable' }).click();
      await waitUntil('all are disabled', async () => (await table.getByText('Disabled').count()) === count);
      await chosen.waitFor({ state: 'detached' });

      // The only administrator can't be disabled.
      await page.getByLabel('Search', { exact: true }).fill('ada');
      await table.getByRole('button', { name: 'Actions for Ada (ada@example.com)' }).click();
      await page.getByRole('menuitem', { name: 'Disable' }).click();
      await dialog.getByRole('button', { name: 'Disable' }).click();
      await page.getByRole('dialog', { name: '1 could not be done' }).getByText('Ada').waitFor();
      await look(page, 'bulk-failed');
    });

    test('something is done with all that match, loaded or not: in parts, that can stop and go on', async () => {
      const page = await visitAs(browser, people.ada, '/admin/users?q=person-15', { bypassCSP: true });
      const table = tableOf(page);
      await rowsOf(table).first().waitFor();
      await table.getByRole('checkbox', { name: 'Select all loaded rows' }).click();
      const chosen = page.getByRole('region', { name: 'Selection' });
      // person-15, 150 to 159, 1500 to 1599, 15000 to 15999.
      await chosen.getByRole('button', { name: 'Select all 1,111 that match' }).click();
      await chosen.getByText('All 1,111 are selected').waitFor();
      await failOnTheWay(page);
      await chosen.getByRole('button', { name: 'Disable' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Disable 1,111 users?').waitFor();
      await look(page, 'matching-question');
      await dialog.getByRole('button', { name: 'Disable' }).click();

      await dialog.getByText('398 are done.').waitFor();
      await dialog.getByText('2 could not be done').waitFor();
      await dialog.getByRole('alert').waitFor();
      await look(page, 'matching-stopped');
      const late = { email: 'person-15late@example.com', name: 'Late' };
      await expectJson(await postJson(people.ada, '/api/user/', late), 201);
      await dialog.getByRole('button', { name: 'Go on' }).click();
      await dialog.getByText('598 are done. Stopped.').waitFor();
      await dialog.getByRole('button', { name: 'Go on' }).click();
      // More than half of them at once.
      await dialog.getByText('1,109 are done.').waitFor({ timeout: 60_000 });
      await dialog.getByRole('button', { name: 'Close' }).last().click();
      await chosen.waitFor({ state: 'detached' });
      await page.getByLabel('State').selectOption('active');
      await waitUntil('who came meanwhile is left', async () => {
        const left = await rowsOf(table).allTextContents();
        return left.length === 1 && left[0]?.includes(late.email) === true;
      });
    });

    test('a row is opened beside the table, at an address of its own', async () => {
      const page = await visitAs(browser, people.ada, '/admin/users?q=rita', { bypassCSP: true });
      await tableOf(page).getByRole('link', { name: 'rita@example.com' }).click();
      const details = page.getByRole('dialog', { name: /rita/ });
      await details.getByRole('button', { name: 'Link for a new password' }).click();
      await details.getByText(`${browser.app.baseUrl}/reset-password#`).waitFor();
      await look(page, 'user-details');
      await page.reload();
      await details.waitFor();
      await page.keyboard.press('Escape');
      await details.waitFor({ state: 'detached' });
      assert.equal(parameterOf(page, 'open'), null);
    });
  });
}
