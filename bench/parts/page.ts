/** The page in a real browser: an answer that streams fast, a long list of documents, a long chat. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { openDatabase } from '../../server/database/open-database.ts';
import { createLogger } from '../../server/logger.ts';
import { launchBrowser } from '../../tests/e2e/browser/launch-browser.ts';
import { addLongSession, addManyDocuments } from '../../tests/e2e/long-page-data.ts';
import { answer, startFakeLanguageModel } from '../../tests/fakes/language-model-server.ts';
import { waitUntil } from '../../tests/wait-until.ts';
import { withClient } from '../api-client.ts';
import { ingestFiles } from '../ingest-files.ts';
import { median } from '../percentile.ts';
import type { Measure } from '../report.ts';
import { repositoryRoot } from '../repository-root.ts';
import { withFolder, withServer } from '../server-process.ts';
import type { Sizes } from './part.ts';

const TOKENS = 3_000;
const TOKENS_PER_SECOND = 300;
const DOCUMENTS = 10_000;
const MESSAGES = 500;
/** What is scrolled in each frame, as with a fast wheel, and how often. */
const SCROLL = { px: 180, frames: 600 };
const OPENINGS = 5;
const manual = {
  name: 'product-manual.txt',
  text: readFileSync(join(repositoryRoot, 'samples/product-manual.txt'), 'utf8'),
};
const QUESTION = 'How long is the warranty on the battery?';

/** A turn of what models write: paragraphs, lists, tables and code, with citations. */
const turn = [
  'The warranty is **36 months** from delivery [1], and *24 months* on the battery [1]. It begins on the day that the monitor is handed over, and it ends early when the seal of the case is broken [2].',
  '- The display and the sensors are covered [1].\n- The battery is covered for less time [1][2].\n- Fans and filters wear out; they are not covered.',
  '| Part | Months |\n| --- | --- |\n| Monitor | 36 |\n| Battery | 24 |\n| Filter | 0 |',
  '```bash\nhalden warranty --serial 26-01500\nhalden status --verbose\n```',
].join('\n\n');

export async function measurePage({ quick }: Sizes): Promise<Measure[]> {
  const sizes = quick
    ? { tokens: 300, documents: 1_000, messages: 50, openings: 1 }
    : { tokens: TOKENS, documents: DOCUMENTS, messages: MESSAGES, openings: OPENINGS };
  const long = answer(Array<string>(1_000).fill(turn).join('\n\n'), { tokensPerSecond: TOKENS_PER_SECOND });
  const model = await startFakeLanguageModel({ defaultBehaviour: answer(turn) });
  const browser = await launchBrowser();
  try {
    return await withFolder(async folder => {
      const settings = { LLM_BASE_URL: model.baseUrl, LLM_MODEL: 'mock', SESSION_TITLES: 'question' };
      const streamed = await withServer({ folder, settings }, async ({ baseUrl }) => {
        await withClient(baseUrl, client => ingestFiles(client, [manual], { respondAsync: false }));
        await waitForPage(baseUrl);
        await measureStream(browser, baseUrl); // Nothing is measured with code that has never run.
        model.script({ ...long, tokens: long.tokens.slice(0, sizes.tokens) });
        return measureStream(browser, baseUrl);
      });
      const session = await fill(join(folder, 'data'), sizes);
      return withServer({ folder, settings }, async ({ baseUrl }) => [
        ...describeStream(streamed, sizes.tokens),
        ...(await measureList(browser, baseUrl, sizes.documents)),
        ...(await measureChat(browser, baseUrl, session, sizes)),
      ]);
    });
  } finally {
    await browser.close();
    await model.close();
  }
}

const waitForPage = (url: string) =>
  waitUntil('the page is built', async () => (await fetch(url)).status === 200, 180_000);

/** @returns the long session, whose answers are like the last one that was given. */
async function fill(dataDir: string, { documents, messages }: { documents: number; messages: number }) {
  const logger = createLogger({ level: 'error', readable: false });
  const onLost = (error: Error) => {
    throw error;
  };
  const { db, close } = await openDatabase({ dataDir, databaseUrl: undefined, logger, onLost });
  try {
    const { id } = await db
      .selectFrom('messages')
      .select('id')
      .where('role', '=', 'assistant')
      .orderBy('id')
      .executeTakeFirstOrThrow();
    await addManyDocuments(db, documents);
    return await addLongSession(db, messages, id);
  } finally {
    await close();
  }
}

async function visit<T>(browser: Browser, url: string, work: (page: Page) => Promise<T>): Promise<T> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.addInitScript(observeTasks);
  await page.goto(url);
  try {
    return await work(page);
  } finally {
    await context.close();
  }
}

/** In the page: notes every task of the main thread that takes more than 50 ms. */
const observeTasks = `
  window.longTasks = [];
  new PerformanceObserver(list => window.longTasks.push(...list.getEntries().map(one => one.duration)))
    .observe({ type: 'longtask', buffered: true });`;

type Tasks = { longTasks: number[]; seconds: number; mainThreadShare: number };

/** The long tasks while the work goes on, and how much of the main thread it took. */
async function watchTasks(page: Page, work: () => Promise<void>): Promise<Tasks> {
  const protocol = await page.context().newCDPSession(page);
  await protocol.send('Performance.enable');
  const taskSeconds = async () => {
    const { metrics } = await protocol.send('Performance.getMetrics');
    return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? 0;
  };
  await page.evaluate('window.longTasks = []');
  const [startedAt, busyBefore] = [performance.now(), await taskSeconds()];
  await work();
  const seconds = (performance.now() - startedAt) / 1000;
  const mainThreadShare = ((await taskSeconds()) - busyBefore) / seconds;
  const longTasks = await page.evaluate<number[]>('window.longTasks');
  return { longTasks, seconds, mainThreadShare };
}

const longest = ({ longTasks }: Tasks) => Math.max(0, ...longTasks);

const measureStream = (browser: Browser, url: string) =>
  visit(browser, url, async page => {
    await page.getByLabel('Your question').fill(QUESTION);
    return watchTasks(page, async () => {
      await page.getByLabel('Your question').press('Enter');
      await page.getByRole('button', { name: 'Copy the answer' }).waitFor();
    });
  });

function describeStream(tasks: Tasks, tokens: number): Measure[] {
  const note = `${tokens} tokens at ${TOKENS_PER_SECOND}/s, shown in ${tasks.seconds.toFixed(1)} s`;
  return [
    { name: 'stream, tasks over 50 ms', value: tasks.longTasks.length, unit: '', goal: { atMost: 0 }, note },
    { name: 'stream, longest task over 50 ms', value: longest(tasks), unit: 'ms' },
    {
      name: 'stream, main thread',
      value: 100 * tasks.mainThreadShare,
      unit: '%',
      goal: { atMost: 50 },
    },
  ];
}

async function measureList(browser: Browser, url: string, documents: number): Promise<Measure[]> {
  return visit(browser, `${url}/documents`, async page => {
    await page.getByRole('link', { name: `report-${documents}.txt` }).waitFor();
    let frames: number[] = [];
    const tasks = await watchTasks(page, async () => {
      frames = await page.evaluate<number[]>(scrollScript);
    });
    const late = frames.filter(ms => ms > 25).length;
    const rows = await page.evaluate<number>('document.querySelectorAll("main li").length');
    const note = `${documents} documents, ${frames.length} frames of ${SCROLL.px} pixels; ${rows} rows in the DOM`;
    const totalMs = frames.reduce((sum, ms) => sum + ms, 0);
    return [
      {
        name: 'list, frames a second',
        value: (1000 * frames.length) / totalMs,
        unit: '/s',
        goal: { atLeast: 58 },
        note,
      },
      { name: 'list, frames over 25 ms', value: late, unit: '', note: `of ${frames.length}` },
      { name: 'list, longest task over 50 ms', value: longest(tasks), unit: 'ms' },
      { name: 'list, main thread', value: 100 * tasks.mainThreadShare, unit: '%' },
    ];
  });
}

/** Scrolls the list a piece further in each frame; the times between frames. */
const scrollScript = `new Promise(resolve => {
  const list = document.querySelector('[aria-label="List of documents"]');
  const frames = [];
  let before;
  const step = now => {
    if (before !== undefined) frames.push(now - before);
    before = now;
    list.scrollTop += ${SCROLL.px};
    if (frames.length < ${SCROLL.frames}) requestAnimationFrame(step); else resolve(frames);
  };
  requestAnimationFrame(step);
})`;

type ChatSizes = { messages: number; openings: number };

async function measureChat(
  browser: Browser,
  url: string,
  session: number,
  { messages, openings }: ChatSizes,
): Promise<Measure[]> {
  const opened: Opening[] = [];
  const direct: number[] = [];
  for (let run = 0; run < openings; run += 1)
    opened.push(
      await visit(browser, url, async page => {
        await page.getByRole('link', { name: 'A long chat' }).waitFor();
        return page.evaluate<Opening>(openScript(session, messages));
      }),
    );
  for (let run = 0; run < openings; run += 1)
    direct.push(
      await visit(browser, `${url}/chat/${session}`, page =>
        page.evaluate<number>(`${lastShown}.then(() => performance.now())`),
      ),
    );
  const list = (values: number[]) => `median of ${values.map(value => value.toFixed(0)).join(', ')}`;
  const shown = opened.map(({ shownMs }) => shownMs);
  const whole = opened.map(({ wholeMs }) => wholeMs);
  const tasks = opened.map(({ longestTaskMs }) => longestTaskMs);
  return [
    {
      name: 'chat, from the click to its last answer',
      value: median(shown),
      unit: 'ms',
      goal: { atMost: 500 },
      note: `${messages} messages; ${list(shown)}; the server took ${median(opened.map(({ requestMs }) => requestMs)).toFixed(0)} of it`,
    },
    { name: 'chat, until all its messages are there', value: median(whole), unit: 'ms', note: list(whole) },
    { name: 'chat, longest task over 50 ms', value: median(tasks), unit: 'ms', note: list(tasks) },
    {
      name: 'chat, by its address',
      value: median(direct),
      unit: 'ms',
      note: `the page with it; ${list(direct)}`,
    },
  ];
}

type Opening = { shownMs: number; requestMs: number; wholeMs: number; longestTaskMs: number };

/** In the page: once the last answer has been painted. */
const lastShown = `new Promise(resolve => {
  const check = () => {
    const last = [...document.querySelectorAll('article')].at(-1)?.getBoundingClientRect();
    if (last && last.height > 0 && last.top < innerHeight)
      requestAnimationFrame(() => setTimeout(resolve));
    else requestAnimationFrame(check);
  };
  check();
})`;

const openScript = (session: number, messages: number) => `(async () => {
  const link = [...document.querySelectorAll('a')].find(one => one.getAttribute('href')?.endsWith('chat/${session}'));
  window.longTasks = [];
  const startedAt = performance.now();
  link.click();
  await ${lastShown};
  const shownMs = performance.now() - startedAt;
  while (document.querySelectorAll('article').length < ${messages / 2})
    await new Promise(requestAnimationFrame);
  await new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
  const wholeMs = performance.now() - startedAt;
  await new Promise(resolve => setTimeout(resolve, 300));
  const [request] = performance.getEntriesByType('resource').filter(({ name }) => name.includes('/messages/'));
  return { shownMs, requestMs: request.duration, wholeMs, longestTaskMs: Math.max(0, ...window.longTasks) };
})()`;
