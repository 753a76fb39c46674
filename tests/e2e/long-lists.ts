import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { waitUntil } from '../wait-until.ts';
import type { BrowserTest } from './browser/browser-test.ts';
import { addLongSession, addManyDocuments } from './long-page-data.ts';

const DOCUMENTS = 10_000;
const MESSAGES = 500;
/** What is used of an element of the page. */
type Scrollable = { scrollTop: number; scrollHeight: number; clientHeight: number };

/** Twice what fits on the screen, and some. */
const MOST_ROWS = 60;

/** The last of all tests of an app: its lists are full afterwards. How fast it is, `npm run bench -- --only page` says. */
export function testLongLists(browser: BrowserTest): void {
  describe('long lists', () => {
    let session: number;
    before(async () => {
      session = await browser.app.inspect(async db => {
        await addManyDocuments(db, DOCUMENTS);
        return addLongSession(db, MESSAGES);
      });
      await browser.app.restart();
    });

    test(`of ${DOCUMENTS} documents only those exist that are seen, wherever one scrolls`, async () => {
      const page = await browser.visit('/documents');
      const list = page.getByRole('region', { name: 'List of documents' });
      await list.getByRole('link', { name: `report-${DOCUMENTS}.txt` }).waitFor();
      const last = list.getByRole('listitem').last();
      for (let step = 0; step < 5; step++) {
        assert.ok((await list.getByRole('listitem').count()) <= MOST_ROWS);
        const before = Number(await last.getAttribute('aria-posinset'));
        await list.evaluate((one: Scrollable) => {
          one.scrollTop = one.scrollHeight;
        });
        await waitUntil(
          'more is shown',
          async () => Number(await last.getAttribute('aria-posinset')) > before,
        );
      }
      assert.ok(Number(await last.getAttribute('aria-posinset')) > 500);
    });

    test('they are sorted by name, and the filters stay meanwhile', async () => {
      const page = await browser.visit('/documents');
      const filter = await page.getByLabel('Filter by name').elementHandle();
      await page.locator('input[aria-label="Order"]').click();
      await page.getByRole('option', { name: 'By name' }).click();
      const first = page.getByRole('region', { name: 'List of documents' }).getByRole('listitem').first();
      await first.getByRole('link', { name: 'backups.txt' }).waitFor();
      assert.ok(Number(await first.getAttribute('aria-setsize')) >= DOCUMENTS);
      assert.ok(await filter?.evaluate((one: { isConnected: boolean }) => one.isConnected));
    });

    test(`a chat of ${MESSAGES} messages opens at its end, and all of them are there`, async () => {
      const page = await browser.visit(`/chat/${session}`);
      await page.getByText(`Answer ${MESSAGES / 2}:`).waitFor();
      await page.getByText('Answer 1:').waitFor({ timeout: 60_000 });
      assert.equal(await page.locator('article').count(), MESSAGES / 2);
      const gap = await page
        .getByRole('region', { name: 'Conversation' })
        .evaluate((one: Scrollable) => one.scrollHeight - one.scrollTop - one.clientHeight);
      assert.ok(Math.abs(gap) < 2, `${gap} pixels from the end`);
    });
  });
}
