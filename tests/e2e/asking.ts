import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { before, describe, test } from 'node:test';
import { postFile } from '../api-client.ts';
import { answered, askInPage, type BrowserTest, takePicture, waitForFocus } from './browser/browser-test.ts';

const sample = (name: string) => readFile(resolve(import.meta.dirname, '../../samples', name), 'utf8');

export function testAsking(browser: BrowserTest): void {
  describe('asking in quotes mode', () => {
    before(async () => {
      // They may be there already.
      for (const name of ['product-manual.txt', 'employee-handbook.txt'])
        assert.ok((await postFile(browser.app, await sample(name), { name })).ok);
    });

    test('a question gets a cited answer, and the source opens at the marked passage', async () => {
      const page = await browser.visit('/');
      await takePicture(page, 'home');
      await waitForFocus(page.getByLabel('Your question'));
      await askInPage(page, 'How long is the warranty on the battery?');
      await page.waitForURL(/\/chat\/\d+$/);
      await answered(page);
      await takePicture(page, 'answer');
      const quote = page.locator('article blockquote').filter({ hasText: '36 months' });
      const citation = quote.getByRole('button', { name: /^Source \d: product-manual/ });
      await citation.click();
      const mark = page.locator('mark');
      await mark.first().waitFor();
      await takePicture(page, 'source');
      assert.match(
        (await mark.allTextContents()).join(' '),
        /^The warranty is 36 months[\s\S]*24 months only\.$/,
      );
      await page.keyboard.press('Escape');
      await mark.first().waitFor({ state: 'detached' });
      await waitForFocus(citation);
    });
  });
}
