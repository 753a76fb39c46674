import { type Browser, chromium } from 'playwright-core';
import { findBrowser } from './find-browser.ts';

const executablePath = await findBrowser();

/** Why there is no browser; false when there is one. */
export const noBrowser = executablePath
  ? false
  : 'there is no Chromium: install Chrome to run the browser tests';

/** A headless Chromium that asks nobody but the pages' own servers. */
export const launchBrowser = (): Promise<Browser> =>
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
