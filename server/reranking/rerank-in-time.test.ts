import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CapturedLog } from '../../tests/captured-log.ts';
import { rerankInTime } from './rerank-in-time.ts';
import type { Reranker } from './reranker.ts';

function rerankerOf(rerank: Reranker['rerank']): Reranker {
  return { modelName: 'test', rerank, close: async () => {} };
}

const byLength = rerankerOf(async (_question, texts) => texts.map(text => text.length));
const untilStopped = rerankerOf(
  (_question, _texts, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
);
const candidatesOf = (...texts: string[]) => texts.map((text, id) => ({ id, text }));
const log = new CapturedLog();
const options = { timeoutMs: 5_000, logger: log.logger };

test('candidates are sorted by their scores, equals keep their order', async () => {
  const text = fc.string({ maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 40 }), async texts => {
      const candidates = candidatesOf(...texts);
      const ranked = await rerankInTime(byLength, 'q', candidates, options);
      const expected = candidates.toSorted((a, b) => b.text.length - a.text.length || a.id - b.id);
      assert.deepEqual(ranked, expected);
    }),
  );
});

test('what is beyond the most candidates stays behind them and is not sent', async () => {
  const candidates = candidatesOf('a', 'bb', 'ccc', 'dddd');
  const sent: string[] = [];
  const reranker = rerankerOf(async (_question, texts) => {
    sent.push(...texts);
    return texts.map(text => text.length);
  });
  const ranked = await rerankInTime(reranker, 'q', candidates, { ...options, mostCandidates: 2 });
  assert.deepEqual(
    ranked?.map(({ text }) => text),
    ['bb', 'a', 'ccc', 'dddd'],
  );
  assert.deepEqual(sent, ['a', 'bb']);
});

test('one candidate needs no reranker', async () => {
  assert.deepEqual(await rerankInTime(untilStopped, 'q', candidatesOf('a'), options), candidatesOf('a'));
});

test('a slow one is given up after its time', async () => {
  const startedAt = performance.now();
  const ranked = await rerankInTime(untilStopped, 'q', candidatesOf('a', 'b'), { ...options, timeoutMs: 50 });
  assert.equal(ranked, undefined);
  assert.ok(performance.now() - startedAt < 3_000);
  assert.match(log.text, /it took longer than RERANKER_TIMEOUT_MS/);
});

test('too few scores and scores that are no numbers are a failure', async () => {
  for (const scores of [[1], [1, 2, 3], [1, Number.NaN]])
    assert.equal(
      await rerankInTime(
        rerankerOf(async () => scores),
        'q',
        candidatesOf('a', 'b'),
        options,
      ),
      undefined,
    );
});

test('failures are logged once a minute, with the number of those in between', async t => {
  t.mock.timers.enable({ apis: ['Date'] });
  const failing = rerankerOf(async () => {
    throw new Error('it is away');
  });
  const fail = () => rerankInTime(failing, 'q', candidatesOf('a', 'b'), options);
  const logged = () => log.lines.filter(line => line.includes('it is away'));
  for (let time = 0; time < 4; time += 1) await fail();
  assert.equal(logged().length, 1);
  t.mock.timers.tick(60_000);
  await fail();
  assert.equal(logged().length, 2);
  assert.match(logged()[1] ?? '', /"notLogged":3/);
});
