import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listDocuments } from '../api-client.ts';
import { waitUntil } from '../wait-until.ts';
import { type BrowserTest, takePicture } from './browser/browser-test.ts';

const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });

/** The first of all tests of an app: it begins with an empty installation. */
export function testDocuments(browser: BrowserTest): void {
  describe('the first minute, and documents', () => {
    test('someone new gets a cited answer from the samples in three clicks', async () => {
      const page = await browser.visit('/');
      await page.getByRole('button', { name: /Try it with samples/ }).click();
      const tray = page.getByRole('region', { name: 'Uploads' });
      const links = page.getByRole('link', { name: 'Documents' });
      await waitUntil('the tray of uploads covers no link of the navigation', async () => {
        const [above, below] = await Promise.all([tray.boundingBox(), links.boundingBox()]);
        return above !== null && below !== null && above.y + above.height <= below.y;
      });
      const starters = page.getByRole('region', { name: 'Questions to begin with' });
      await starters.getByRole('button').first().waitFor({ timeout: 60_000 });
      await takePicture(page, 'first-minute');
      await starters.getByRole('button').first().click();
      await page.getByRole('button', { name: 'Copy the answer' }).waitFor({ timeout: 60_000 });
      assert.ok((await page.getByRole('button', { name: /^Source 1: / }).count()) > 0);
    });

    test('files are added with their progress; one that fails says why', async () => {
      const page = await browser.visit('/documents');
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: 'Add files' }).click(),
      ]);
      await chooser.setFiles([file('tides.txt', 'High water is at noon.'), file('empty.txt', '   ')]);
      const uploads = page.getByRole('region', { name: 'Uploads' });
      await uploads.getByText('Ready').waitFor({ timeout: 60_000 });
      await uploads.getByText(/is empty|no text|nothing/i).waitFor();
      await takePicture(page, 'documents');
      const list = page.getByRole('region', { name: 'List of documents' });
      await list.getByRole('link', { name: 'tides.txt' }).waitFor();
      await list.getByRole('listitem').filter({ hasText: 'tides.txt' }).getByText('Ready').waitFor();
      await page.getByLabel('Filter by name').fill('tide');
      await waitUntil(
        'the others are filtered out',
        async () => (await list.getByRole('link').count()) === 1,
      );
    });

    test('a file that is ready before it can be followed is shown as ready', async () => {
      const page = await browser.visit('/documents');
      const readyOnes = async () => (await listDocuments(browser.app, 'name=quick&state=ready')).documents;
      await page.route(
        '**/api/document/events/',
        async route => {
          await waitUntil('it is ready', async () => (await readyOnes()).length === 1);
          await route.continue();
        },
        // What the open page asks later would wait beyond the end of the test.
        { times: 1 },
      );
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: 'Add files' }).click(),
      ]);
      await chooser.setFiles([file('quick.txt', 'The quick one is ready at once.')]);
      await page.getByRole('region', { name: 'Uploads' }).getByText('Ready').waitFor();
    });

    test('a deleted document is gone, unless it is undone', async () => {
      const isThere = async () => (await listDocuments(browser.app, 'name=tides')).documents.length === 1;
      const page = await browser.visit('/documents?name=tides');
      const entry = page.getByRole('link', { name: 'tides.txt' });
      const remove = async () => {
        await page.getByRole('button', { name: 'Options for tides.txt' }).click();
        await page.getByRole('menuitem', { name: 'Delete' }).click();
        await entry.waitFor({ state: 'detached' });
      };
      await remove();
      await page.getByRole('button', { name: 'Undo' }).click();
      await entry.waitFor();
      assert.ok(await isThere());
      await remove();
      await page.close({ runBeforeUnload: false });
      await waitUntil('it is deleted, though the page was closed', async () => !(await isThere()));
    });

    test('who leaves the page before it can offer to undo has deleted it all the same', async () => {
      const page = await browser.visit('/documents?name=quick');
      await page.getByRole('button', { name: 'Options for quick.txt' }).click();
      const action = page.getByRole('menuitem', { name: 'Delete' });
      await action.waitFor();
      // What shows notices is loaded with the first of them.
      await page.route('**/assets/**', () => {});
      await action.click();
      await page.getByRole('link', { name: 'quick.txt' }).waitFor({ state: 'detached' });
      // Closed, it could not answer what is intercepted.
      await page.goto('about:blank');
      await waitUntil(
        'it is deleted',
        async () => (await listDocuments(browser.app, 'name=quick')).documents.length === 0,
      );
    });
  });
}
