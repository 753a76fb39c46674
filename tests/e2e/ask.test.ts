import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { before, test } from 'node:test';
import { upload } from '../api-client.ts';
import { describeInBrowser, takePicture, waitForFocus } from './browser-test.ts';

const sample = (name: string) => readFile(resolve(import.meta.dirname, '../../samples', name), 'utf8');

describeInBrowser('asking in quotes mode', {}, browser => {
  before(async () => {
    for (const name of ['product-manual.txt', 'employee-handbook.txt'])
      await upload(browser.app, await sample(name), name);
  });

  test('a question gets a cited answer, and the source opens at the marked passage', async () => {
    const page = await browser.visit('/');
    await takePicture(page, 'home');
    const question = page.getByLabel('Your question');
    await waitForFocus(question);
    await question.fill('How long is the warranty on the battery?');
    await question.press('Enter');
    await page.waitForURL(/\/chat\/\d+$/);
    await page.getByRole('button', { name: 'Copy the answer' }).waitFor();
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
