import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { createTestApp, type TestApp } from '../../create-test-app.ts';
import {
  type Behaviour,
  type FakeLanguageModel,
  startFakeLanguageModel,
} from '../../fakes/language-model-server.ts';
import { waitUntil } from '../../wait-until.ts';
import { launchBrowser, noBrowser } from './launch-browser.ts';

/** Longer than anything takes on a busy machine with two cores. */
const PATIENCE_MS = 20_000;

type VisitOptions = BrowserContextOptions & {
  /** The base URL to visit the app at; the app's own unless told. */
  at?: string;
};

export type BrowserTest = {
  app: TestApp;
  /** Writes the answers where there is one. */
  model: FakeLanguageModel;
  browser: Browser;
  /** A new visitor. Whatever is requested of other origins, and errors of the page, fail the test at the end. */
  visit(path: string, options?: VisitOptions): Promise<Page>;
};

type Options = {
  /** How a language model answers that is not told otherwise; without one answers are quotes. */
  modelBehaviour?: Behaviour;
  env?: Record<string, string>;
};

/**
 * Tests in a real browser against the real app on the embedded database with the real embedding model. The start
 * of all that takes seconds, so files share it: what one test stores the next one sees.
 */
export function describeInBrowser(
  name: string,
  { modelBehaviour, env = {} }: Options,
  define: (test: BrowserTest) => void,
): void {
  // What can't be tested must be seen where it counts.
  if (noBrowser && process.env.CI) throw new Error(noBrowser);
  describe(name, { skip: noBrowser }, () => {
    const contexts: BrowserContext[] = [];
    const problems: string[] = [];
    const test = {} as BrowserTest;
    before(async () => {
      if (modelBehaviour) test.model = await startFakeLanguageModel({ defaultBehaviour: modelBehaviour });
      const model = modelBehaviour ? { languageModelUrl: test.model.baseUrl } : {};
      [test.app, test.browser] = await Promise.all([
        createTestApp(undefined, { withPage: true, env, ...model }),
        launchBrowser(),
      ]);
      await waitUntil('the page is built', async () => {
        const response = await test.app.fetch('/');
        // A body that is not read fails some time later, when nobody waits for it any more.
        await response.text();
        return response.status === 200;
      });
    });
    test.visit = async (path, { at = test.app.baseUrl, ...contextOptions } = {}) => {
      const context = await test.browser.newContext({
        viewport: { width: 1280, height: 800 },
        locale: 'en-GB',
        ...contextOptions,
      });
      contexts.push(context);
      watch(context, at, problems);
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      await page.goto(`${at}${path}`);
      return page;
    };
    after(async () => {
      for (const context of contexts) await context.close();
      await test.browser?.close();
      await test.app?.close();
      await test.model?.close();
      assert.deepEqual(problems, []);
    });
    define(test);
  });
}

/** Notes what pages of the context ask of other origins, also when it is refused, and their errors. */
export function watch(context: BrowserContext, baseUrl: string, problems: string[]): void {
  const check = (url: string) => {
    if (!url.startsWith(`${baseUrl}/`) && !/^(data|blob):/.test(url)) problems.push(`request to ${url}`);
  };
  context.on('request', request => check(request.url()));
  context.on('page', page => page.on('websocket', socket => check(socket.url())));
  context.on('weberror', webError => {
    const error = webError.error();
    problems.push(`error in the page: ${error.stack ?? error.message}`);
  });
  context.on('console', message => {
    // Chromium itself reports every refused request, which tests provoke.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      problems.push(`console: ${message.text()}`);
  });
}

/** A picture for people to look at, when SCREENSHOTS names a folder. */
export async function takePicture(page: Page, name: string): Promise<void> {
  const folder = process.env.SCREENSHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}

export const waitForFocus = (element: Locator) => element.and(element.page().locator(':focus')).waitFor();

/** Asks in the page as people do. */
export async function askInPage(page: Page, question: string): Promise<void> {
  await page.getByLabel('Your question').fill(question);
  await page.getByLabel('Your question').press('Enter');
}

/** Waits until the last answer is there as a whole. */
export const answered = (page: Page) =>
  page.getByRole('button', { name: 'Copy the answer' }).last().waitFor();
