import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Violation = { id: string; help: string; nodes: { html: string; failureSummary: string }[] };

/** Tags, or names of rules. */
type RunOnly = string[] | { type: 'rule'; values: string[] };

export const everything: RunOnly = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** All that the colour scheme changes: the elements, their names and their order are the same in both. */
export const colours: RunOnly = { type: 'rule', values: ['color-contrast', 'link-in-text-block'] };

/** What axe finds against WCAG 2.2 A and AA, and its best practices. The context must bypass the page's policy. */
export async function findViolations(page: Page, runOnly: RunOnly): Promise<string[]> {
  // Colours that fade in have no contrast yet.
  await page.waitForFunction(
    'document.getAnimations().every(one => one.playState !== "running" || one.effect.getTiming().iterations === Infinity)',
  );
  if (!(await page.evaluate('"axe" in window'))) await page.evaluate(axe);
  // What is well is counted only: to describe it takes as long as to find it.
  const options = { runOnly, resultTypes: ['violations'] };
  const { violations } = await page.evaluate<{ violations: Violation[] }>(
    `axe.run(document, ${JSON.stringify(options)})`,
  );
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}: ${failureSummary}`),
  );
}

/** What the system prefers, once the page shows it: its script follows, a moment later than its style sheets. */
export async function setColourScheme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
}
