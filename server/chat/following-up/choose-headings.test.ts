import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseHeadings } from './choose-headings.ts';

/** Sections of 100 units, each with a heading of 10; the seventh has no text of its own. */
const headings = Array.from({ length: 9 }, (_, index) => ({ start: 100 * index, end: 100 * index + 10 }));
headings[6] = { start: 690, end: 699 };
const chosen = (read: { start: number; end: number }[]) =>
  chooseHeadings(headings, read, 900).map(({ start }) => start);

test('the sections nearest to what was read come first, the following before the preceding', () => {
  assert.deepEqual(chosen([{ start: 350, end: 380 }]), [400, 200, 500, 100, 700, 800]);
});

test('a section that was read, the title and one without text are no suggestions', () => {
  const all = chosen([{ start: 750, end: 850 }]);
  assert.ok(!all.includes(700) && !all.includes(800) && !all.includes(0) && !all.includes(690));
});

test('where everything was read there is nothing to suggest', () => {
  assert.deepEqual(chosen([{ start: 0, end: 900 }]), []);
});
