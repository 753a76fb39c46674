import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { beginOf, endOf } from './day-bounds.ts';

describe('the bounds of a day', () => {
  const zone = process.env.TZ;
  before(() => {
    process.env.TZ = 'Europe/Berlin';
  });
  after(() => {
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });

  for (const [day, begin, end] of [
    ['2026-11-27', '2026-11-26T23:00:00.000Z', '2026-11-27T23:00:00.000Z'],
    // 23 and 25 hours.
    ['2026-03-29', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
    ['2026-10-25', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
  ] as const)
    test(`${day} begins and ends at the reader’s midnight`, () => {
      assert.deepEqual([beginOf(day), endOf(day)], [begin, end]);
    });

  test('what is no day is left to the server, which says so', () => {
    assert.deepEqual([beginOf('soon'), endOf('soon')], ['soon', 'soon']);
  });
});
