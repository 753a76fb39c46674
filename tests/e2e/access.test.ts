import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { createSession, upload } from '../api-client.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { describeInBrowser, takePicture, waitForFocus } from './browser-test.ts';
import { findViolations } from './find-violations.ts';

const manual = await readFile(resolve(import.meta.dirname, '../../samples/product-manual.txt'), 'utf8');
const cited =
  'The warranty is **36 months** from delivery [1]. It covers the battery for 24 months only [1].\n\n' +
  '| Part | Months |\n| --- | --- |\n| Monitor | 36 |\n| Battery | 24 |\n\n```bash\nhalden warranty --serial 26-01500\n```';

let model: FakeLanguageModel;
const options = async () => {
  model = await startFakeLanguageModel({ defaultBehaviour: answer(cited) });
  return { languageModelUrl: model.baseUrl };
};

const ask = async (page: Page, question: string) => {
  await page.getByLabel('Your question').fill(question);
  await page.getByLabel('Your question').press('Enter');
};
const finished = (page: Page) => page.getByRole('button', { name: 'Copy the answer' }).last().waitFor();
const visible = (page: Page, text: string) => page.getByText(text).first().waitFor();

describeInBrowser('for everyone', options, browser => {
  let session: number;
  before(async () => {
    await upload(browser.app, manual, 'product-manual.txt');
    session = await createSession(browser.app);
    await (
      await browser.app.fetch('/api/chat/', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ session_id: session, message: 'How long is the warranty on the battery?' }),
      })
    ).text();
  });
  after(() => model.close());

  /** Every state of the page, each a fresh visit. */
  const states: Record<string, (page: Page) => Promise<void>> = {
    home: page => page.getByRole('region', { name: 'Questions to begin with' }).waitFor(),
    chat: async page => {
      await page.goto(`${browser.app.baseUrl}/chat/${session}`);
      await finished(page);
    },
    source: async page => {
      await page.goto(`${browser.app.baseUrl}/chat/${session}`);
      await page
        .getByRole('button', { name: /^Source 1/ })
        .first()
        .click();
      await page.locator('mark').first().waitFor();
    },
    streaming: async page => {
      model.script(answer(`${cited} ${'and so on '.repeat(400)}`, { tokensPerSecond: 30 }));
      await ask(page, 'How long is the warranty?');
      await page.getByText('Monitor').waitFor();
    },
    failed: async page => {
      model.script({ kind: 'status', status: 401 });
      await ask(page, 'Does it fail?');
      await page.getByRole('alert').waitFor();
    },
    why: async page => {
      await page.goto(`${browser.app.baseUrl}/chat/${session}`);
      await page.getByRole('button', { name: 'Why this answer?' }).click();
      await page
        .getByRole('dialog')
        .getByText(/passages? (was|were) found/)
        .waitFor();
    },
    documents: async page => {
      await page.goto(`${browser.app.baseUrl}/documents`);
      await visible(page, 'product-manual.txt');
    },
    menu: async page => {
      await page.goto(`${browser.app.baseUrl}/documents`);
      await page
        .getByRole('button', { name: /^Options for/ })
        .last()
        .click();
      await page.getByRole('menuitem', { name: 'Delete' }).waitFor();
    },
    search: async page => {
      await page.goto(`${browser.app.baseUrl}/search?q=warranty`);
      await page.getByRole('region', { name: 'By words' }).getByRole('listitem').first().waitFor();
      await page.getByRole('region', { name: 'By meaning' }).getByRole('listitem').first().waitFor();
    },
    evaluation: async page => {
      await page.goto(`${browser.app.baseUrl}/evaluation`);
      await visible(page, 'There are no test cases yet');
    },
    system: async page => {
      await page.goto(`${browser.app.baseUrl}/system`);
      await visible(page, 'PostgreSQL, embedded');
    },
    palette: async page => {
      await waitForFocus(page.getByLabel('Your question'));
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog', { name: 'Search and commands' }).waitFor();
      await visible(page, 'Keyboard shortcuts');
    },
  };

  for (const colorScheme of ['light', 'dark'] as const)
    test(`axe finds nothing in ${Object.keys(states).length} states, ${colorScheme}`, async () => {
      const found: string[] = [];
      for (const [name, open] of Object.entries(states)) {
        const page = await browser.visit('/', { colorScheme, bypassCSP: true, reducedMotion: 'reduce' });
        await open(page);
        await takePicture(page, `${name}-${colorScheme}`);
        found.push(...(await findViolations(page)).map(violation => `${name}: ${violation}`));
        await page.context().close();
      }
      assert.deepEqual(found, []);
    });

  test('on a phone nothing is wider than the screen, and the source covers it', async () => {
    const phone = { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true };
    for (const path of ['/', `/chat/${session}`, '/documents', '/search?q=warranty', '/system']) {
      const page = await browser.visit(path, { ...phone, reducedMotion: 'reduce' });
      await page.getByRole('button', { name: 'Menu' }).waitFor();
      const excess = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
      assert.equal(excess, 0, path);
      await takePicture(page, `phone${path.replace(/\W+/g, '-')}`);
      await page.context().close();
    }
    const page = await browser.visit(`/chat/${session}`, { ...phone, reducedMotion: 'reduce' });
    await page
      .getByRole('button', { name: /^Source 1/ })
      .first()
      .tap();
    await page.getByRole('dialog', { name: 'Source' }).locator('mark').first().waitFor();
    await takePicture(page, 'phone-source');
    await page.goBack();
    await page.getByRole('dialog', { name: 'Source' }).waitFor({ state: 'hidden' });
  });

  test('with the keyboard alone: ask, open a source, go back', async () => {
    const page = await browser.visit('/', { reducedMotion: 'reduce' });
    await waitForFocus(page.getByLabel('Your question'));
    await page.keyboard.type('How long is the warranty?');
    await page.keyboard.press('Enter');
    await finished(page);
    const citation = page.getByRole('button', { name: /^Source 1/ }).first();
    for (let presses = 0; presses < 60; presses++) {
      await page.keyboard.press('Shift+Tab');
      if ((await citation.and(page.locator(':focus')).count()) > 0) break;
    }
    await waitForFocus(citation);
    await page.getByRole('tooltip').waitFor();
    await page.keyboard.press('Enter');
    await page.locator('mark').first().waitFor();
    await waitForFocus(page.getByRole('heading', { name: 'product-manual.txt' }));
    await page.keyboard.press('Escape');
    await waitForFocus(citation);
    await page.keyboard.press('/');
    await waitForFocus(page.getByLabel('Your question'));
  });
});
