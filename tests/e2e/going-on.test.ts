import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import type { Page } from 'playwright-core';
import type { ReportEntry } from '../../contract/evaluation.ts';
import { postJson, upload } from '../api-client.ts';
import { answer } from '../fakes/language-model-server.ts';
import { describeInBrowser, takePicture, waitForFocus } from './browser/browser-test.ts';
import { colours, everything, findViolations, setColourScheme } from './browser/find-violations.ts';

const kiln = `# The kiln

## Firing
The kiln is fired with beech wood for eleven hours, and nobody opens it before the second morning.

## Cooling
Cooling takes two days. The vents stay closed until the glass of the window can be touched with a hand.
`;

const options = {
  modelBehaviour: answer('It is fired for eleven hours [1].'),
  env: { LLM_MODELS: 'large-model' },
};

const reportEntry = (mode: string, ndcg10: number): ReportEntry => ({
  set: 'handbook',
  mode,
  documents: 3,
  queries: 60,
  ndcg10,
  mrr10: 70,
  recall: { 1: 50, 5: 80, 10: 90 },
  wantedText5500: null,
  refusals: null,
  wrongRefusals: null,
  latencyMs: { p50: 4, p95: 9 },
  intervals: { ndcg10: [ndcg10 - 4, ndcg10 + 3.5] },
  perQuery: {},
});

const ask = async (page: Page, question: string) => {
  await page.getByLabel('Your question').fill(question);
  await page.getByLabel('Your question').press('Enter');
  await page.waitForURL(/\/chat\/\d+/);
};
const question = 'How long is the kiln fired?';

describeInBrowser('going on from an answer', options, browser => {
  const problems: string[] = [];
  /** In either colour scheme, for the last test. */
  const check = async (page: Page, name: string) => {
    for (const [colorScheme, rules] of [
      ['light', everything],
      ['dark', colours],
    ] as const) {
      await setColourScheme(page, colorScheme);
      await takePicture(page, `${name}-${colorScheme}`);
      problems.push(
        ...(await findViolations(page, rules)).map(violation => `${name} ${colorScheme}: ${violation}`),
      );
    }
  };
  before(async () => {
    await upload(browser.app, 'The ferry to the island leaves at noon.', 'ferry.txt');
    const id = await upload(browser.app, kiln, 'kiln.md');
    await browser.app.fetch(`/api/document/${id}/`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ tags: ['pottery'] }),
    });
    const start = kiln.indexOf('The kiln is fired');
    const passages = [{ document_id: id, start, end: start + 30 }];
    await postJson(browser.app, '/api/evaluation/case/', { question, passages });
  });

  test('the next question is offered from the document that was cited, and one click asks it', async () => {
    const page = await browser.visit('/', { bypassCSP: true });
    await ask(page, question);
    const offered = page.getByRole('region', { name: 'Go on with' });
    const next = offered.getByRole('button', { name: 'What does “The kiln” say about “Cooling”?' });
    await next.waitFor();
    await check(page, 'follow-ups');
    await next.click();
    await page.locator('article').nth(1).getByText('eleven hours').waitFor();
    await waitForFocus(page.getByLabel('Your question'));
    assert.match(
      browser.model.requests.at(-1)?.body.messages.at(-1)?.content ?? '',
      /say about “Cooling”\?$/,
    );
  });

  test('who writes and how freely is chosen for a chat, and kept over a reload', async () => {
    const page = await browser.visit('/', { bypassCSP: true });
    await page.getByRole('button', { name: 'Answers by fake-model' }).click();
    await page.getByRole('radio', { name: 'large-model' }).check();
    await page.getByRole('slider', { name: 'Temperature' }).press('End');
    await check(page, 'writing');
    await page.keyboard.press('Escape');
    await ask(page, question);
    await page.getByRole('region', { name: 'Go on with' }).waitFor();
    const sent = () => [
      browser.model.requests.at(-1)?.body.model,
      browser.model.requests.at(-1)?.body.temperature,
    ];
    assert.deepEqual(sent(), ['large-model', 2]);
    await page.reload();
    await page.getByRole('button', { name: 'Answers by large-model' }).click();
    await page.getByRole('button', { name: 'As set on the server' }).click();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Answer again' }).click();
    await page.getByText('2 of 2').waitFor();
    assert.equal(sent()[0], 'fake-model');
  });

  test('a chat can be kept to the documents with a tag, over a reload too', async () => {
    const page = await browser.visit('/', { bypassCSP: true });
    await page.getByRole('button', { name: 'All documents' }).click();
    await page.getByRole('group', { name: 'Tags' }).getByText('pottery').click();
    await check(page, 'scope');
    await page.keyboard.press('Escape');
    const askForFerry = async (index: number) => {
      await ask(page, `When does the ferry leave? (${index})`);
      await page.getByRole('button', { name: 'Copy the answer' }).nth(index).waitFor();
      return JSON.stringify(browser.model.requests.at(-1)?.body.messages).includes('at noon');
    };
    assert.equal(await askForFerry(0), false);
    await page.reload();
    await page.getByRole('button', { name: '#pottery' }).click();
    await page.getByRole('button', { name: 'All documents again' }).click();
    await page.keyboard.press('Escape');
    assert.equal(await askForFerry(1), true);
  });

  test('a report of the command line is shown with its intervals, wherever it is dropped', async () => {
    const page = await browser.visit('/evaluation', { bypassCSP: true });
    await page.getByRole('button', { name: 'Open a report' }).waitFor();
    const report = JSON.stringify([reportEntry('hybrid', 81), reportEntry('lexical', 72)]);
    await page.evaluate(`
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([${JSON.stringify(report)}], 'today.json'));
      document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, cancelable: true, bubbles: true }));
    `);
    const plot = page.getByRole('figure').filter({ hasText: 'nDCG@10' });
    await plot.getByText('81.0').waitFor();
    await plot.getByText('77.0–84.5').waitFor();
    await check(page, 'report');
  });

  test('the test cases are run through every kind of search, with their figures', async () => {
    const page = await browser.visit('/evaluation', { bypassCSP: true });
    await page.getByRole('button', { name: 'Run 1 test case' }).click();
    const measured = page.getByRole('region', { name: 'Figures of this run' });
    const plot = measured.getByRole('figure').filter({ hasText: 'nDCG@10' });
    for (const mode of ['Together', 'By meaning', 'By words'])
      await plot.getByRole('listitem').filter({ hasText: mode }).getByText('100.0–100.0').waitFor();
    await check(page, 'cases');
  });

  test('the last day is plotted', async () => {
    const page = await browser.visit('/system', { bypassCSP: true });
    await page
      .getByRole('figure', { name: /^Questions and how they were answered\. Answered: [1-9]/ })
      .waitFor();
    await page.getByRole('figure', { name: /^Documents that came\. Ready: 2/ }).waitFor();
    await page.getByRole('figure', { name: /^Time to the first words\. Half of them \(p50\): \d/ }).waitFor();
    await check(page, 'last-day');
  });

  test('axe finds nothing in any of these views', () => assert.deepEqual(problems, []));
});
