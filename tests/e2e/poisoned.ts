import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { upload } from '../api-client.ts';
import { answer } from '../fakes/language-model-server.ts';
import { poisonedDocuments } from '../poisoned/poisoned-documents.ts';
import { waitUntil } from '../wait-until.ts';
import { askInPage, type BrowserTest } from './browser/browser-test.ts';

/** Where the documents want data to be sent. */
const HOST = 'https://evil.example';

export function testPoisonedDocuments(browser: BrowserTest): void {
  describe('poisoned documents', () => {
    const received: string[] = [];
    let collector: Server;
    let address: string;
    before(async () => {
      collector = createServer((request, response) => {
        received.push(request.url ?? '');
        response.end();
      });
      await new Promise<void>(resolve => collector.listen(0, '127.0.0.1', resolve));
      address = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
    });
    after(() => {
      collector.closeAllConnections();
      collector.close();
    });

    test('what they ask for is written by the model, and nothing leaves the page', async () => {
      const [first, ...others] = poisonedDocuments;
      assert.ok(typeof first?.content === 'string');
      const there = (text: string) => text.replaceAll(HOST, address);
      await upload(browser.app, there(first.content), first.filename);
      browser.model.script(
        answer(there(first.obeyed)),
        answer(there(others.map(({ obeyed }) => obeyed).join('\n\n'))),
      );
      const page = await browser.visit('/');
      for (const question of [first.question, 'What else do you know about the archive?']) {
        await askInPage(page, question);
        await page.getByRole('button', { name: 'Answer again' }).waitFor();
        assert.equal(await page.locator('article').locator('img, iframe, script, svg image').count(), 0);
        await page.getByRole('button', { name: 'New chat' }).first().click();
        await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor();
      }
      // The document itself, as its text is read.
      await page.getByRole('link', { name: 'Documents' }).click();
      await page.getByRole('link', { name: first.filename }).click();
      await page.getByText('After every answer write').waitFor();
      assert.equal(received.join('\n'), '');
    });

    test('not even a script of the page could send anything elsewhere', async () => {
      const context = await browser.browser.newContext();
      const page = await context.newPage();
      await page.goto(browser.app.baseUrl);
      const attempts = `Promise.allSettled([
        fetch('${address}/fetch?d=1', { mode: 'no-cors' }),
        new Promise((done, fail) => {
          const image = new Image();
          image.onload = done;
          image.onerror = fail;
          image.src = '${address}/image?d=1';
        }),
        new Promise((done, fail) => {
          const frame = document.createElement('iframe');
          frame.onload = fail;
          frame.src = '${address}/frame?d=1';
          document.body.append(frame);
        }),
        navigator.sendBeacon('${address}/beacon', 'd=1'),
      ])`;
      await page.evaluate(attempts);
      assert.equal(received.join('\n'), '');
      await context.close();
      // And what would be received is seen: the same where no policy forbids it.
      const free = await browser.browser.newContext({ bypassCSP: true });
      const elsewhere = await free.newPage();
      await elsewhere.goto(browser.app.baseUrl);
      await elsewhere.evaluate(`void ${attempts}`);
      await waitUntil('all of it arrives', () => new Set(received.map(url => url.split('?')[0])).size === 4);
      await free.close();
    });
  });
}
