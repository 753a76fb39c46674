/** Writing a question, reading its answer and keeping chats: what the hands do on the page. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { listDocuments, upload } from '../api-client.ts';
import { answer, type Behaviour } from '../fakes/language-model-server.ts';
import { waitUntil } from '../wait-until.ts';
import { answered, askInPage, describeInBrowser, waitForFocus } from './browser/browser-test.ts';

const rota = 'The night rota is written by the head nurse on the first Monday of each month.';

const lines = Array.from({ length: 80 }, (_, at) => `Line ${at} of a long answer.\n\n`).join('');

/**
 * By the question: an answer that waits for its turn would go to another question should the check of the evidence
 * refuse the one that it is meant for.
 */
const answers: [question: RegExp, behaviour: Behaviour][] = [
  [/and when\?/, answer('The head nurse [1].', { tokensPerSecond: 2 })],
  [/When is the night rota/, answer(`${lines}The end of it.`, { tokensPerSecond: 120 })],
  [/On which Monday/, answer('Camphor keeps moths away.')],
];
const usual = answer('The night rota is written by the head nurse [1].');

const chats = (page: Page) => page.getByRole('navigation', { name: 'Chats' });

describeInBrowser('by hand', { modelBehaviour: usual }, browser => {
  const composer = (page: Page) => page.getByLabel('Your question');
  const newChat = async (page: Page) => {
    await page.getByRole('button', { name: 'New chat' }).first().click();
    await page.getByRole('heading', { name: 'What would you like to know?' }).waitFor();
  };

  before(async () => {
    browser.model.defaultBehaviour = messages =>
      answers.find(([question]) => question.test(messages.at(-1)?.content ?? ''))?.[1] ?? usual;
    await upload(browser.app, rota, 'rota.txt');
  });

  describe('writing a question', () => {
    test('the question has the focus, and a slash brings it back', async () => {
      const page = await browser.visit('/');
      await waitForFocus(composer(page));
      await page.getByRole('link', { name: 'Documents' }).first().focus();
      await page.keyboard.press('/');
      await waitForFocus(composer(page));
      assert.equal(await composer(page).inputValue(), '');
    });

    test('Enter sends; Shift with Enter begins a line, for which it grows, and an input method’s Enter does neither', async () => {
      const page = await browser.visit('/');
      const height = async () => (await composer(page).boundingBox())?.height ?? 0;
      await composer(page).fill('Who writes');
      const ofOneLine = await height();
      for (const line of ['the night rota,', 'and when?']) {
        await page.keyboard.press('Shift+Enter');
        await page.keyboard.type(line);
      }
      assert.equal(await composer(page).inputValue(), 'Who writes\nthe night rota,\nand when?');
      assert.ok((await height()) > ofOneLine + 20);
      await composer(page).dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true });
      await page.waitForTimeout(200);
      assert.match(page.url(), /\/$/);
      await page.keyboard.press('Enter');
      // At once, before there is any answer.
      await page.getByRole('region', { name: 'Conversation' }).getByText('the night rota,').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Copy the answer' }).count(), 0);
      await answered(page);
      assert.equal(await composer(page).inputValue(), '');
    });

    test('what is begun stays with its chat, also over a reload', async () => {
      const page = await browser.visit('/');
      await askInPage(page, 'Who writes the rota?');
      await answered(page);
      await composer(page).fill('a thought for this chat');
      await newChat(page);
      assert.equal(await composer(page).inputValue(), '');
      await composer(page).fill('another for the next');
      await page.goBack();
      await waitUntil(
        'the draft is back',
        async () => (await composer(page).inputValue()) === 'a thought for this chat',
      );
      await page.reload();
      await waitUntil(
        'it is still there',
        async () => (await composer(page).inputValue()) === 'a thought for this chat',
      );
      await newChat(page);
      assert.equal(await composer(page).inputValue(), 'another for the next');
    });

    test('a file that is pasted into the question, or dropped on the chat, is added', async () => {
      const page = await browser.visit('/');
      await waitForFocus(composer(page));
      for (const [type, target, name] of [
        ['paste', 'document.activeElement', 'pasted.txt'],
        ['drop', 'document.querySelector("main")', 'dropped.txt'],
      ])
        await page.evaluate(`
          const data = new DataTransfer();
          data.items.add(new File(['The ${name} is about harbours.'], '${name}', { type: 'text/plain' }));
          const settings = { bubbles: true, cancelable: true };
          ${target}.dispatchEvent('${type}' === 'paste'
            ? new ClipboardEvent('paste', { ...settings, clipboardData: data })
            : new DragEvent('drop', { ...settings, dataTransfer: data }));
        `);
      for (const name of ['pasted', 'dropped'])
        await waitUntil(`${name} is ready`, async () => {
          const { documents } = await listDocuments(browser.app, `name=${name}&state=ready`);
          return documents.length === 1;
        });
    });
  });

  describe('reading an answer', () => {
    test('the view follows unless one scrolls up, and a button goes to the end', async () => {
      const page = await browser.visit('/', { viewport: { width: 1000, height: 500 } });
      await askInPage(page, 'When is the night rota written?');
      const line = (at: number) => page.locator('article').getByText(`Line ${at} of`, { exact: false });
      await line(30).waitFor();
      await waitUntil('it is followed', () => isSeen(page.locator('article p').last()));
      await page.mouse.move(500, 200);
      await page.mouse.wheel(0, -3_000);
      const toEnd = page.getByRole('button', { name: 'Jump to the latest message' });
      await toEnd.waitFor();
      await line(60).waitFor({ state: 'attached' });
      assert.equal(await isSeen(line(60)), false);
      await toEnd.click();
      await page.getByText('The end of it.').waitFor();
      await waitUntil('the end is seen', () => isSeen(page.getByText('The end of it.')));
    });

    test('a citation shows its passage when one points at it; the answer is copied with its sources', async () => {
      const page = await browser.visit('/', { permissions: ['clipboard-read', 'clipboard-write'] });
      await askInPage(page, 'Who writes the night rota?');
      await answered(page);
      const citation = page
        .locator('article')
        .getByRole('button', { name: /^Source 1: rota\.txt/ })
        .first();
      await citation.hover();
      await page.getByText('on the first Monday of each month').first().waitFor();
      await page.getByRole('button', { name: 'Copy with sources' }).click();
      await page.getByText('Copied').first().waitFor();
      const copied = String(await page.evaluate('navigator.clipboard.readText()'));
      assert.match(copied, /written by the head nurse/);
      assert.match(copied, /rota\.txt/);
      await page.getByRole('button', { name: 'Copy the answer' }).click();
      await waitUntil(
        'it is without them',
        async () => !String(await page.evaluate('navigator.clipboard.readText()')).includes('rota.txt'),
      );
    });

    test('what was wrong with an answer can be said, and kept as a test case', async () => {
      const page = await browser.visit('/');
      const question = 'By whom is the night rota written?';
      await askInPage(page, question);
      await answered(page);
      await page.getByRole('button', { name: 'Bad answer' }).click();
      await page.getByText('Not complete').click();
      await page.getByText('Keep as a test case').click();
      const cases = async () => (await browser.app.fetch('/api/evaluation/case/')).text();
      await waitUntil('it is kept', async () => (await cases()).includes(question));
    });
  });

  describe('keeping chats', () => {
    test('a chat is renamed, pinned, found by what was said in it, exported, deleted and brought back', async () => {
      const page = await browser.visit('/');
      await askInPage(page, 'On which Monday is the night rota written?');
      await answered(page);
      const choose = async (title: string, item: string) => {
        await page.getByRole('button', { name: `Options for ${title}` }).click();
        await page.getByRole('menuitem', { name: item }).click();
      };
      await choose('On which Monday is the night rota written?', 'Rename');
      await page.getByRole('textbox', { name: 'Title' }).fill('The wardrobe');
      await page.keyboard.press('Enter');
      await chats(page)
        .getByRole('link', { name: /^The wardrobe/ })
        .waitFor();
      await choose('The wardrobe', 'Pin');
      await page.getByText('Pinned').first().waitFor();
      await page.getByLabel('Search chats').fill('camphor');
      await chats(page)
        .getByRole('link', { name: /^The wardrobe/ })
        .waitFor();
      await waitUntil(
        'the others are left out',
        async () => (await chats(page).getByRole('link').count()) === 1,
      );
      await page.getByLabel('Search chats').fill('');
      for (const [item, file] of [
        ['Export as Markdown', /\.md$/],
        ['Export as JSON', /\.json$/],
      ] as const) {
        const [download] = await Promise.all([page.waitForEvent('download'), choose('The wardrobe', item)]);
        assert.match(download.suggestedFilename(), file);
      }
      await choose('The wardrobe', 'Delete');
      await chats(page)
        .getByRole('link', { name: /^The wardrobe/ })
        .waitFor({ state: 'detached' });
      await page.getByRole('button', { name: 'Undo' }).click();
      await chats(page)
        .getByRole('link', { name: /^The wardrobe/ })
        .waitFor();
    });

    test('the palette goes to a chat by its words, and a question mark lists the shortcuts', async () => {
      const page = await browser.visit('/documents');
      await page.getByRole('heading', { name: 'Documents' }).waitFor();
      await page.keyboard.press('Control+k');
      await page.getByRole('dialog', { name: 'Search and commands' }).waitFor();
      await page.keyboard.type('zeppelin');
      await page.getByText('Nothing found').waitFor();
      for (const view of ['Account', 'Administration']) {
        await page.keyboard.press('Control+a');
        await page.keyboard.type(view);
        await page.getByRole('dialog').getByRole('button', { name: view, exact: true }).waitFor();
      }
      await page.keyboard.press('Control+a');
      await page.keyboard.type('wardrobe');
      await page.getByRole('dialog').getByText('The wardrobe').waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(/\/chat\/\d+/);
      await page.getByText('Camphor keeps moths away.').waitFor();
      await page.getByRole('link', { name: 'Documents' }).first().focus();
      await page.keyboard.press('Shift+?');
      await page.getByRole('dialog', { name: /shortcuts/i }).waitFor();
    });
  });
});

const isSeen = async (element: {
  boundingBox(): Promise<{ y: number } | null>;
  page(): Page;
}): Promise<boolean> => {
  const box = await element.boundingBox();
  const height = element.page().viewportSize()?.height ?? 0;
  return box !== null && box.y >= 0 && box.y < height;
};
