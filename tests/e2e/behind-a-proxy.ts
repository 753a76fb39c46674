import assert from 'node:assert/strict';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import { upload } from '../api-client.ts';
import { answered, askInPage, type BrowserTest } from './browser/browser-test.ts';

const PREFIX = '/tools/lectern';

/** As nginx with `location /tools/lectern/ { proxy_pass http://lectern/; }`. */
async function startProxy(target: string): Promise<Server> {
  const { hostname, port } = new URL(target);
  const server = createServer((incoming, response) => {
    if (!incoming.url?.startsWith(`${PREFIX}/`)) {
      response.writeHead(404).end();
      return;
    }
    const { method, headers } = incoming;
    const path = incoming.url.slice(PREFIX.length);
    const forwarded = request({ hostname, port, path, method, headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on('error', () => response.destroy());
    response.on('close', () => forwarded.destroy());
    incoming.pipe(forwarded);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return server;
}

export function testProxyAndLanguages(browser: BrowserTest): void {
  describe('behind a proxy, and in other languages', () => {
    let proxy: Server;
    let proxied: string;
    before(async () => {
      await upload(browser.app, 'Backups are kept for 30 days in the second region.', 'backups.txt');
      proxy = await startProxy(browser.app.baseUrl);
      proxied = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}${PREFIX}`;
    });
    after(() => {
      proxy.closeAllConnections();
      proxy.close();
    });

    test('the page works under a prefix that the proxy takes away, also after a reload', async () => {
      const page = await browser.visit('/', { at: proxied });
      await askInPage(page, 'How long are backups kept?');
      await answered(page);
      assert.ok(page.url().startsWith(`${proxied}/chat/`), page.url());
      await page.reload();
      await page
        .getByRole('button', { name: /^Source 1/ })
        .first()
        .click();
      await page.locator('mark').first().waitFor();
      await page.getByRole('link', { name: 'Documents' }).click();
      await page.getByRole('link', { name: 'backups.txt', exact: true }).click();
      await page.getByText('Backups are kept for 30 days').waitFor();
    });

    test('it speaks the browser’s language, or the one that was chosen', async () => {
      for (const [locale, title] of [
        ['de-AT', 'Was möchtest du wissen?'],
        ['fr-FR', 'Que souhaitez-vous savoir ?'],
        ['es-MX', '¿Qué quieres saber?'],
        ['pl-PL', 'What would you like to know?'],
      ] as const) {
        const page = await browser.visit('/', { locale });
        await page.getByRole('heading', { name: title }).waitFor();
        assert.equal(
          await page.locator('html').getAttribute('lang'),
          title.startsWith('What') ? 'en' : locale.slice(0, 2),
        );
      }
      const page = await browser.visit('/');
      await page.getByRole('button', { name: 'Colours and language' }).click();
      await page.getByRole('menuitemradio', { name: 'Deutsch' }).click();
      await page.getByRole('heading', { name: 'Was möchtest du wissen?' }).waitFor();
      await page.reload();
      await page.getByRole('heading', { name: 'Was möchtest du wissen?' }).waitFor();
    });
  });
}
