import assert from 'node:assert/strict';
import { test } from 'node:test';
import { addHeading, commonAncestor, headingPath, outlineRoot } from './outline-node.ts';

const leave = addHeading(outlineRoot, 1, 'Leave');
const parental = addHeading(leave, 2, 'Parental leave');
const duration = addHeading(parental, 4, 'Duration');
const sick = addHeading(duration, 2, 'Sick leave');
const pay = addHeading(sick, 1, 'Pay');

test('a heading stands under the nearest one of a higher level', () => {
  assert.deepEqual(headingPath(outlineRoot), []);
  assert.deepEqual(headingPath(duration), ['Leave', 'Parental leave', 'Duration']);
  assert.deepEqual(headingPath(sick), ['Leave', 'Sick leave']);
  assert.deepEqual(headingPath(pay), ['Pay']);
});

test('two headings have a nearest one in common', () => {
  assert.equal(commonAncestor(duration, sick), leave);
  assert.equal(commonAncestor(parental, duration), parental);
  assert.equal(commonAncestor(duration, pay), outlineRoot);
});

test('paths stay short whatever levels a parser gives', () => {
  let node = outlineRoot;
  for (let level = 0; level < 1000; level++) node = addHeading(node, level, 'Heading');
  assert.equal(node.depth, 6);
});
