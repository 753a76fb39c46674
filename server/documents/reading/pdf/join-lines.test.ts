import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinLines } from './join-lines.ts';

test('divided words are put together, hyphens of their own are kept', () => {
  const cases: [lines: string[], joined: string][] = [
    [['inter-', 'national law'], 'international law'],
    [['Über\u00AD', 'Gang'], 'ÜberGang'],
    [['Anglo-', 'American'], 'Anglo-American'],
    [['pages 3-', '5 and'], 'pages 3-5 and'],
    [['one', ' two ', '', 'three'], 'one two three'],
    [['日本', '語の'], '日本語の'],
    [['日本', 'and'], '日本 and'],
    [[], ''],
  ];
  for (const [lines, joined] of cases) assert.equal(joinLines(lines), joined);
});
