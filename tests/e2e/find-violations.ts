import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Violation = { id: string; help: string; nodes: { html: string; failureSummary: string }[] };

/** What axe finds against WCAG 2.2 A and AA, and its best practices. The context must bypass the page's policy. */
export async function findViolations(page: Page): Promise<string[]> {
  // Colours that fade in have no contrast yet.
  await page.waitForFunction(
    'document.getAnimations().every(one => one.playState !== "running" || one.effect.getTiming().iterations === Infinity)',
  );
  await page.evaluate(axe);
  const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
  const found = await page.evaluate(`axe.run(document, { runOnly: ${JSON.stringify(tags)} })`);
  const { violations } = found as { violations: Violation[] };
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)}: ${failureSummary}`),
  );
}
