import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addFailures, countFailures, noFailures } from './failures.ts';

const result = (id: number, code: string | null) => ({
  id,
  outcome: code === null ? ('done' as const) : ('failed' as const),
  code,
  message: code === null ? null : `It is ${code}.`,
});

test('what failed is counted by its reason, and the first of very many are named', () => {
  const first = addFailures(noFailures, [result(1, null), result(2, 'not_found'), result(3, 'last_admin')]);
  const many = Array.from({ length: 30 }, (_, at) => result(100 + at, 'not_found'));
  const failures = addFailures(first, many);
  assert.equal(countFailures(failures), 32);
  assert.deepEqual(
    failures.map(({ code, message, count }) => [code, message, count]),
    [
      ['not_found', 'It is not_found.', 31],
      ['last_admin', 'It is last_admin.', 1],
    ],
  );
  assert.deepEqual(failures[0]?.ids, [2, ...many.slice(0, 19).map(({ id }) => id)]);
  assert.deepEqual(addFailures(failures, [result(7, null)]), failures);
});
