import type { Page } from 'playwright-core';
import { takePicture } from '../browser/browser-test.ts';
import { colours, everything, findViolations, setColourScheme } from '../browser/find-violations.ts';

export type Look = (page: Page, name: string) => Promise<void>;

/** Looks at a view in both colour schemes; what axe finds is collected, to be compared with nothing at the end. */
export function collectViolations(): { look: Look; violations: string[] } {
  const violations: string[] = [];
  const look: Look = async (page, name) => {
    for (const [scheme, rules] of [
      ['light', everything],
      ['dark', colours],
    ] as const) {
      await setColourScheme(page, scheme);
      const found = await findViolations(page, rules);
      // Once the colours have faded in.
      await takePicture(page, `${name}-${scheme}`);
      violations.push(...found.map(violation => `${name}, ${scheme}: ${violation}`));
    }
    await setColourScheme(page, 'light');
  };
  return { look, violations };
}
