import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { type ReportEntry, report } from '../../contract/evaluation.ts';
import { writeSampleSet } from '../evaluation-sets/write-sample-set.ts';
import { createFolder, type Result, repository, runLectern, startServer } from './run-lectern.ts';

const sets = join(repository, 'tests/evaluation-sets');
const baseline = join(sets, 'baseline.json');
const folder = await createFolder();
after(() => folder.remove());

const evaluate = (args: string[]): Promise<Result> => runLectern(folder.path, ['evaluate', ...args]);
const inFolder = (name: string) => join(folder.path, name);
const readReport = async (path: string) => report.parse(JSON.parse(await readFile(path, 'utf8')));

const folders = [inFolder('samples'), ...['en', 'de', 'zh'].map(language => join(sets, `xquad-${language}`))];
const measured = inFolder('measured.json');
/** One figure of each question is enough to tell a fall from noise; processors differ in the last bits of vectors. */
const toBaseline = (entry: ReportEntry): ReportEntry => ({
  ...entry,
  intervals: {},
  perQuery: Object.fromEntries(
    Object.entries(entry.perQuery).map(([id, { ndcg10 = 0 }]) => [id, { ndcg10 }]),
  ),
});
let result: Result;
let entries: ReportEntry[];
before(async () => {
  await writeSampleSet(repository, inFolder('samples'));
  const kept = ['--data-dir', inFolder('kept')];
  if (process.env.UPDATE_BASELINE) {
    await evaluate([...folders, '--mode', 'all', ...kept, '--json', measured]);
    await writeFile(
      baseline,
      `${JSON.stringify((await readReport(measured)).map(toBaseline), undefined, 1)}\n`,
    );
  }
  const files = [...kept, '--json', measured, '--html', inFolder('report.html'), '--tolerance', '3'];
  result = await evaluate([...folders, '--mode', 'all', ...files, '--baseline', baseline]);
  entries = await readReport(measured);
});

const entryOf = (set: string, mode: string) => {
  const entry = entries.find(one => one.set === set && one.mode === mode);
  assert.ok(entry, `${set}, ${mode}`);
  return entry;
};

test('retrieval is as good as the baseline says, in every mode and language', () => {
  assert.equal(result.code, 0, result.stdout + result.stderr);
  assert.match(result.stdout, /No figure has fallen below the baseline\./);
  assert.equal(entries.length, 12);
  assert.match(result.stdout, /^xquad-zh +hybrid +50 +148 /m);
});

test('both lists together are better than the better of them, or as good', () => {
  for (const set of ['samples', 'xquad-en', 'xquad-de', 'xquad-zh']) {
    const [hybrid, vector, lexical] = ['hybrid', 'vector', 'lexical'].map(mode => entryOf(set, mode).ndcg10);
    assert.ok(
      (hybrid ?? 0) >= Math.max(vector ?? 0, lexical ?? 0) - 0.5,
      `${set}: ${hybrid} of ${vector} and ${lexical}`,
    );
  }
});

test('a fall beyond the noise ends with 1 and says where', async () => {
  const better = entries
    .filter(({ set, mode }) => set === 'samples' && mode === 'lexical')
    .map(entry => ({
      ...entry,
      perQuery: Object.fromEntries(Object.keys(entry.perQuery).map(id => [id, { ndcg10: 100 }])),
    }));
  await writeFile(inFolder('better.json'), JSON.stringify(better));
  const args = ['--data-dir', inFolder('kept'), '--mode', 'lexical', '--baseline', inFolder('better.json')];
  const { code, stderr } = await evaluate([inFolder('samples'), ...args]);
  assert.equal(code, 1);
  assert.match(stderr, /samples \(lexical\): ndcg10 has fallen from [\d.]+ to [\d.]+, beyond the noise\./);
});

test('a baseline without anything of what was measured is no pass, and says what it has', async () => {
  await writeFile(inFolder('vector.json'), JSON.stringify([entryOf('samples', 'vector')]));
  const args = ['--data-dir', inFolder('kept'), '--mode', 'lexical', '--baseline', inFolder('vector.json')];
  const { code, stdout, stderr } = await evaluate([inFolder('samples'), ...args]);
  assert.equal(code, 1);
  assert.match(stderr, /samples \(lexical\) is not in the baseline\./);
  assert.match(stderr, /Nothing could be compared: the baseline has samples \(vector\)\./);
  assert.doesNotMatch(stdout, /No figure has fallen/);
});

test('a report that can’t be written is refused before measuring, with one sentence', async () => {
  for (const option of ['--json', '--html']) {
    const { code, stdout, stderr } = await evaluate([inFolder('samples'), option, inFolder('none/report')]);
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(
      stderr,
      /^error: \S+none\/report can't be written: there is no such folder\.\n\(--help .*\)\n$/,
    );
  }
});

test('the page has a plot of all that was measured', async () => {
  const html = await readFile(inFolder('report.html'), 'utf8');
  assert.equal(html.match(/<circle /g)?.length, entries.length);
});

test('what is no data set is told, and nothing is measured', async () => {
  const { code, stderr, stdout } = await evaluate([sets]);
  assert.deepEqual([code, stdout], [1, '']);
  assert.match(stderr, /this is no data set\. It needs corpus\.jsonl/);
  assert.equal((await evaluate([])).code, 2);
});

test('stored cases are asked of the running server', async () => {
  const server = await startServer(folder.path);
  try {
    const none = await runLectern(folder.path, ['evaluate', '--own']);
    assert.equal(none.code, 1);
    assert.match(none.stderr, /There are no cases yet/);
    const form = new FormData();
    const text = 'The ferry leaves at 07:40.\n\nLamps are lit at dusk.\n';
    form.append('file', new Blob([text]), 'pier.txt');
    const uploaded = await fetch(`${server.url}/api/document/`, { method: 'POST', body: form });
    const { document_id } = (await uploaded.json()) as { document_id: number };
    const passages = [{ document_id, start: 0, end: 26 }];
    const stored = await fetch(`${server.url}/api/evaluation/case/`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ question: 'When does the ferry leave?', passages }),
    });
    assert.equal(stored.status, 201);
    const own = await runLectern(folder.path, ['evaluate', '--own', '--json', inFolder('own.json')]);
    assert.equal(own.code, 0, own.stderr);
    const [entry] = await readReport(inFolder('own.json'));
    assert.deepEqual([entry?.set, entry?.queries, entry?.recall['1']], ['own cases', 1, 100]);
  } finally {
    await server.stop();
  }
});
