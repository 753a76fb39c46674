import type { Page } from 'playwright-core';
import type { Browser as Client } from '../../accounts/browser.ts';
import type { BrowserTest } from '../browser/browser-test.ts';

type VisitOptions = Parameters<BrowserTest['visit']>[1];

/** A new visitor who is signed in already, as the client is. */
export async function visitAs(
  browser: BrowserTest,
  client: Client,
  path: string,
  options?: VisitOptions,
): Promise<Page> {
  const page = await browser.visit('/api/health/', options);
  const { hostname } = new URL(browser.app.baseUrl);
  await page
    .context()
    .addCookies([...client.cookies].map(([name, value]) => ({ name, value, domain: hostname, path: '/' })));
  await page.goto(`${browser.app.baseUrl}${path}`);
  return page;
}
