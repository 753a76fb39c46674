import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleanTitle } from './write-title.ts';

const cases: [written: string, title: string | undefined][] = [
  ['Ferry times to Tangen', 'Ferry times to Tangen'],
  ['  "Ferry times"\n', 'Ferry times'],
  ['“Ferry times”', 'Ferry times'],
  ['„Fährzeiten“', 'Fährzeiten'],
  ['**Ferry times**', 'Ferry times'],
  ['# Ferry times', 'Ferry times'],
  ['Title: Ferry times.', 'Ferry times'],
  ['渡船时间。', '渡船时间'],
  ['[Ferry](http://evil.example) <b>times</b>', 'Ferry(http://evil.example) btimes/b'],
  ['\u202eFerry\u0007 times', 'Ferry times'],
  ['', undefined],
  ['"…"', undefined],
  ['Here is a title:\nFerry times', undefined],
  ['The ferry to Tangen leaves at 07:40 from pier 2, and on Sundays at 09:10 from pier 3.', undefined],
];
for (const [written, title] of cases)
  test(`${JSON.stringify(written)} is ${title === undefined ? 'no title' : `the title ${title}`}`, () =>
    assert.equal(cleanTitle(written), title));
