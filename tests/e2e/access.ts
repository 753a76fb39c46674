import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { ask, createSession, upload } from '../api-client.ts';
import { answer } from '../fakes/language-model-server.ts';
import { answered, askInPage, type BrowserTest, takePicture, waitForFocus } from './browser/browser-test.ts';
import { everything, findViolations, setColourScheme } from './browser/find-violations.ts';

const samples = resolve(import.meta.dirname, '../../samples');
/** An answer with all that Markdown has, for a question on the product manual. */
export const cited =
  'The warranty is **36 months** from delivery [1]. It covers the battery for 24 months only [1].\n\n' +
  '| Part | Months |\n| --- | --- |\n| Monitor | 36 |\n| Battery | 24 |\n\n```bash\nhalden warranty --serial 26-01500\n```';

const firstCitation = (page: Page) => page.getByRole('button', { name: /^Source 1/ }).first();
const visible = (page: Page, text: string) => page.getByText(text).first().waitFor();

export function testAccess(browser: BrowserTest): void {
  describe('for everyone', () => {
    let session: number;
    before(async () => {
      const ids = new Map<string, number>();
      for (const name of (await readdir(samples)).filter(one => one.endsWith('.txt')))
        ids.set(name, await upload(browser.app, await readFile(resolve(samples, name), 'utf8'), name));
      session = await createSession(browser.app);
      // Of the manual, which is what the model cites.
      const scope = { document_ids: [ids.get('product-manual.txt')] };
      await ask(browser.app, session, 'How long is the warranty on the battery?', scope);
    });

    const chat = () => `/chat/${session}`;
    /** Every state of the page: the address where it begins, and how one gets there. */
    const states: Record<string, [path: string | (() => string), open: (page: Page) => Promise<void>]> = {
      home: ['/', page => page.getByRole('region', { name: 'Questions to begin with' }).waitFor()],
      chat: [chat, answered],
      source: [
        chat,
        async page => {
          await firstCitation(page).click();
          await page.locator('mark').first().waitFor();
        },
      ],
      streaming: [
        '/',
        async page => {
          browser.model.script(answer(`${cited}\n\n${'and so on '.repeat(400)}`, { tokensPerSecond: 30 }));
          await askInPage(page, 'How long is the warranty on the battery?');
          await page.getByText('Monitor').waitFor();
        },
      ],
      failed: [
        '/',
        async page => {
          browser.model.script({ kind: 'status', status: 401 });
          await askInPage(page, 'Does it fail?');
          await page.getByRole('alert').waitFor();
        },
      ],
      why: [
        chat,
        async page => {
          await page.getByRole('button', { name: 'Why this answer?' }).click();
          const dialog = page.getByRole('dialog');
          await dialog.getByText(/passages? (was|were) found/).waitFor();
        },
      ],
      documents: ['/documents', page => visible(page, 'product-manual.txt')],
      menu: [
        '/documents',
        async page => {
          await page
            .getByRole('button', { name: /^Options for/ })
            .last()
            .click();
          await page.getByRole('menuitem', { name: 'Delete' }).waitFor();
        },
      ],
      search: [
        '/search?q=warranty',
        async page => {
          for (const name of ['By words', 'By meaning'])
            await page.getByRole('region', { name }).getByRole('listitem').first().waitFor();
        },
      ],
      evaluation: ['/evaluation', page => visible(page, 'There are no test cases yet')],
      system: ['/system', page => visible(page, 'PostgreSQL, embedded')],
      palette: [
        '/',
        async page => {
          await waitForFocus(page.getByLabel('Your question'));
          await page.keyboard.press('Control+k');
          await page.getByRole('dialog', { name: 'Search and commands' }).waitFor();
          await visible(page, 'Keyboard shortcuts');
        },
      ],
    };

    test(`axe finds nothing in ${Object.keys(states).length} states, light and dark`, async () => {
      const found: string[] = [];
      const page = await browser.visit('/', { bypassCSP: true, reducedMotion: 'reduce' });
      for (const [name, [path, open]] of Object.entries(states)) {
        await page.goto(`${browser.app.baseUrl}${typeof path === 'string' ? path : path()}`);
        await open(page);
        for (const colorScheme of ['light', 'dark'] as const) {
          await setColourScheme(page, colorScheme);
          const violations = await findViolations(page, everything);
          // Once the colours have faded in.
          await takePicture(page, `${name}-${colorScheme}`);
          found.push(...violations.map(violation => `${name}, ${colorScheme}: ${violation}`));
        }
      }
      assert.deepEqual(found, []);
    });

    test('on a phone nothing is wider than the screen, and the source covers it', async () => {
      const page = await browser.visit('/', {
        viewport: { width: 390, height: 844 },
        isMobile: true,
        hasTouch: true,
        reducedMotion: 'reduce',
      });
      for (const [name, path] of Object.entries({
        home: '/',
        documents: '/documents',
        search: '/search?q=warranty',
        system: '/system',
        chat: chat(),
      })) {
        await page.goto(`${browser.app.baseUrl}${path}`);
        await page.getByRole('button', { name: 'Menu' }).waitFor();
        const excess = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
        assert.equal(excess, 0, path);
        await takePicture(page, `phone-${name}`);
      }
      await firstCitation(page).tap();
      await page.getByRole('dialog', { name: 'Source' }).locator('mark').first().waitFor();
      await takePicture(page, 'phone-source');
      await page.goBack();
      await page.getByRole('dialog', { name: 'Source' }).waitFor({ state: 'hidden' });
    });
  });
}
