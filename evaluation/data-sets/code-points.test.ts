import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CodePoints } from './code-points.ts';
import { DataSetError } from './data-set.ts';

test('offsets of Python point at the same text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), fc.nat(), fc.nat(), (text, a, b) => {
      const characters = Array.from(text);
      if (characters.length === 0) return;
      const start = a % characters.length;
      const end = start + 1 + (b % (characters.length - start));
      const span = new CodePoints(text).toSpan([start, end]);
      assert.equal(text.slice(span.start, span.end), characters.slice(start, end).join(''));
    }),
  );
});

test('a span that is empty or beyond the text is an error', () => {
  const points = new CodePoints('a😀b');
  assert.deepEqual(points.toSpan([1, 3]), { start: 1, end: 4 });
  assert.throws(() => points.toSpan([0, 4]), DataSetError);
  assert.throws(() => points.toSpan([2, 2]), DataSetError);
});
