import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isNestedDeeper } from './is-nested-deeper.ts';

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0;

test('the depth is that of the parsed value, whatever its strings hold', () => {
  const value = fc.jsonValue({ maxDepth: 6 });
  fc.assert(
    fc.property(value, fc.nat(8), (json, most) => {
      assert.equal(isNestedDeeper(JSON.stringify(json), most), depthOf(json) > most);
    }),
  );
  assert.equal(isNestedDeeper('["[[[\\"[[", "\\\\", {"}": []}]', 3), false);
  assert.equal(isNestedDeeper('["[[[\\"[[", "\\\\", {"}": []}]', 2), true);
});
