import { describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { answered, type BrowserTest, waitForFocus } from './browser/browser-test.ts';

/** More than there are places for the focus in any view. */
const MOST_PRESSES = 200;

/** Presses Tab, or Shift+Tab, until the element has the focus. */
async function tabTo(page: Page, element: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await element.waitFor();
  const focused = element.and(page.locator(':focus'));
  for (let presses = 0; presses < MOST_PRESSES && (await focused.count()) === 0; presses++)
    await page.keyboard.press(key);
  await waitForFocus(element);
}

export function testKeyboard(browser: BrowserTest): void {
  describe('with the keyboard alone', () => {
    test('a document is added, asked about, its source opened, and one goes back', async () => {
      const page = await browser.visit('/', { reducedMotion: 'reduce' });
      await waitForFocus(page.getByLabel('Your question'));
      await tabTo(page, page.getByRole('link', { name: 'Documents' }), 'Shift+Tab');
      await page.keyboard.press('Enter');
      // From here on: a key is pressed faster than the browser learns to hand its dialog over.
      const chosen = page.waitForEvent('filechooser', { timeout: 60_000 });
      const add = page.getByRole('button', { name: 'Add files' });
      await tabTo(page, add);
      await page.keyboard.press('Enter');
      const text = 'The lighthouse of Kilden flashes every twelve seconds. Its keeper lives on the island.';
      await (await chosen).setFiles({
        name: 'lighthouse.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from(text),
      });
      await page.getByRole('region', { name: 'Uploads' }).getByText('Ready').waitFor({ timeout: 60_000 });

      await tabTo(page, page.getByRole('button', { name: 'New chat' }).first(), 'Shift+Tab');
      await page.keyboard.press('Enter');
      await waitForFocus(page.getByLabel('Your question'));
      await page.keyboard.type('How often does the lighthouse of Kilden flash?');
      await page.keyboard.press('Enter');
      await answered(page);

      const citation = page.getByRole('button', { name: /^Source \d: lighthouse\.txt/ }).first();
      await tabTo(page, citation, 'Shift+Tab');
      await page.getByRole('tooltip').waitFor();
      await page.keyboard.press('Enter');
      await page.locator('mark').filter({ hasText: 'every twelve seconds' }).waitFor();
      await waitForFocus(page.getByRole('heading', { name: 'lighthouse.txt' }));
      await page.keyboard.press('Escape');
      await page.locator('mark').waitFor({ state: 'detached' });
      await waitForFocus(citation);
      await page.keyboard.press('/');
      await waitForFocus(page.getByLabel('Your question'));
    });
  });
}
