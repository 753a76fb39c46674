import assert from 'node:assert/strict';
import { test } from 'node:test';
import { embedSearchQuery } from './embed-search-query.ts';

const directions: Record<string, number[]> = { east: [1, 0], west: [-1, 0], north: [0, 1] };

async function vectorOf(embedded: string[]) {
  const asked: string[] = [];
  const vector = await embedSearchQuery({ texts: [], embedded }, async text => {
    asked.push(text);
    return Float32Array.from(directions[text] ?? []);
  });
  return { vector: Array.from(vector, number => Number(number.toFixed(4))), asked };
}

test('a text listed twice counts twice, is embedded once, and the mean has unit length', async () => {
  const { vector, asked } = await vectorOf(['east', 'east', 'north']);
  assert.deepEqual(vector, [0.8944, 0.4472]); // (2, 1) / √5
  assert.deepEqual(asked, ['east', 'north']);
});

test('one text has its own vector, and so has the first of texts that cancel each other out', async () => {
  assert.deepEqual((await vectorOf(['north'])).vector, [0, 1]);
  assert.deepEqual((await vectorOf(['east', 'west'])).vector, [1, 0]);
});
