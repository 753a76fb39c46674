import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe } from 'node:test';
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Locator,
  type Page,
} from 'playwright-core';
import { createTestApp, type TestApp, type TestAppOptions } from '../create-test-app.ts';
import { waitUntil } from '../wait-until.ts';
import { findBrowser } from './find-browser.ts';

/** Longer than anything takes on a busy machine with two cores. */
const PATIENCE_MS = 20_000;

const executablePath = await findBrowser();
const skip = executablePath ? false : 'there is no Chromium: install Chrome to run the browser tests';

export type Visit = { page: Page; context: BrowserContext };

export type BrowserTest = {
  app: TestApp;
  browser: Browser;
  /** A new visitor. Whatever is requested of other origins, and errors of the page, fail the test at the end. */
  visit(path: string, options?: BrowserContextOptions): Promise<Page>;
};

type Options = TestAppOptions | (() => Promise<TestAppOptions>);

/** Tests in a real browser against the real app on the embedded database with the real embedding model. */
export function describeInBrowser(name: string, options: Options, define: (test: BrowserTest) => void): void {
  // What can't be tested must be seen where it counts.
  if (skip && process.env.CI) throw new Error(skip);
  describe(name, { skip }, () => {
    const contexts: BrowserContext[] = [];
    const problems: string[] = [];
    const test = {} as BrowserTest;
    before(async () => {
      const appOptions = typeof options === 'function' ? await options() : options;
      [test.app, test.browser] = await Promise.all([
        createTestApp(undefined, { withPage: true, ...appOptions }),
        launchBrowser(),
      ]);
      await waitUntil('the page is built', async () => (await test.app.fetch('/')).status === 200, 60_000);
    });
    test.visit = async (path, contextOptions = {}) => {
      const context = await test.browser.newContext({
        viewport: { width: 1280, height: 800 },
        locale: 'en-GB',
        ...contextOptions,
      });
      contexts.push(context);
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE_MS);
      watch(page, test.app.baseUrl, problems);
      await page.goto(`${test.app.baseUrl}${path}`);
      return page;
    };
    after(async () => {
      for (const context of contexts) await context.close();
      await test.browser?.close();
      await test.app?.close();
      assert.deepEqual(problems, []);
    });
    define(test);
  });
}

const launchBrowser = () =>
  chromium.launch({
    executablePath: executablePath ?? '',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });

function watch(page: Page, baseUrl: string, problems: string[]): void {
  page.on('request', request => {
    const url = request.url();
    if (!url.startsWith(`${baseUrl}/`) && !/^(data|blob):/.test(url)) problems.push(`request to ${url}`);
  });
  page.on('pageerror', error => problems.push(`error in the page: ${error.stack ?? error.message}`));
  page.on('console', message => {
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
