import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ReportEntry, report } from '../../contract/evaluation.ts';
import { toReportEntry } from '../figures/to-report-entry.ts';
import { compareReports } from './compare-reports.ts';
import { formatTable } from './format-table.ts';
import { renderHtml } from './render-html.ts';

/** @param values nDCG of each question, 0 to 1. */
function entry(values: number[], over: Partial<ReportEntry> = {}): ReportEntry {
  const questions = new Map(
    values.map((ndcg10, index) => [
      String(index),
      { ndcg10, mrr10: ndcg10, recall1: ndcg10, recall5: 1, recall10: 1, recall20: 1 },
    ]),
  );
  const measured = toReportEntry({
    set: 'handbook',
    mode: 'hybrid',
    documents: 3,
    questions,
    answered: { answerable: [true, true, false, true], unanswerable: [] },
    latenciesMs: [1, 2, 3],
  });
  return { ...measured, ...over };
}

const good = Array.from({ length: 60 }, (_, index) => (index % 3 === 0 ? 0.5 : 1));

test('an entry has means of 0 to 100 with their intervals, as the report’s schema says', () => {
  const made = entry(good);
  assert.deepEqual(
    [made.queries, made.ndcg10, made.recall['5'], made.latencyMs.p50, made.wrongRefusals, made.refusals],
    [60, 83.33, 100, 2, 25, null],
  );
  const [low = 0, high = 0] = made.intervals.ndcg10 ?? [];
  assert.ok(low < made.ndcg10 && made.ndcg10 < high);
  assert.deepEqual(report.parse(JSON.parse(JSON.stringify([made]))), [made]);
});

test('a fall in most questions is a regression, one in a few is noise', () => {
  const before = entry(good);
  const compare = (values: number[]) =>
    compareReports([entry(values)], [before], { tolerance: 1 }).regressions.map(({ figure }) => figure);
  assert.deepEqual(compare(good), []);
  assert.deepEqual(compare(good.map((value, index) => (index === 0 ? value - 0.4 : value))), []);
  assert.deepEqual(compare(good.map(value => value - 0.02)), ['ndcg10', 'recall1', 'mrr10']);
});

test('without figures by question a fall beyond the tolerance is a regression', () => {
  const before = { ...entry(good), perQuery: {} };
  const now = entry(good.map(value => value - 0.02));
  const figures = (tolerance: number) =>
    compareReports([now], [before], { tolerance }).regressions.map(({ beyond }) => beyond);
  assert.deepEqual(figures(3), []);
  assert.deepEqual(new Set(figures(1)), new Set(['tolerance']));
});

test('what the baseline does not have is told, and is no regression', () => {
  const compare = (now: ReportEntry[]) => compareReports(now, [entry(good)], { tolerance: 1 });
  const missing = ['handbook (vector)'];
  const vector = entry(good, { mode: 'vector' });
  assert.deepEqual(compare([vector]), { regressions: [], compared: 0, uncompared: missing });
  assert.deepEqual(compare([vector, entry(good)]), { regressions: [], compared: 1, uncompared: missing });
});

test('the table has a line for each entry, and no column that none has a figure for', () => {
  const [head = '', line = ''] = formatTable([entry(good)]).split('\n');
  assert.match(head, /^set +mode +documents +queries +nDCG@10 +R@1/);
  assert.ok(!head.includes('wanted text'));
  assert.match(line, /^handbook +hybrid +3 +60 +83\.3 \[\d\d\.\d–\d\d\.\d\]/);
});

test('the page shows every entry, escapes names and asks for nothing from elsewhere', () => {
  const html = renderHtml([entry(good, { set: '<b>&"set"' }), entry(good, { mode: 'lexical' })]);
  assert.ok(html.includes('&#60;b&#62;&#38;&#34;set&#34;') && !html.includes('<b>&'));
  assert.equal(html.match(/<circle /g)?.length, 2);
  assert.doesNotMatch(html, /https?:|<script|<link|@import|src=/);
});
