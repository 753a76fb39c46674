import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createFormat } from './use-format.ts';

test('sizes are written as each language writes them, bytes in the plural', () => {
  const sizes = (language: string) =>
    [1, 55, 2_048, 5_767_168].map(size => createFormat(language).size(size).replace(/\s/g, ' '));
  assert.deepEqual(sizes('en'), ['1 byte', '55 bytes', '2 kB', '5.5 MB']);
  assert.deepEqual(sizes('de'), ['1 Byte', '55 Byte', '2 kB', '5,5 MB']);
  assert.deepEqual(sizes('fr'), ['1 octet', '55 octets', '2 ko', '5,5 Mo']);
  assert.deepEqual(sizes('es'), ['1 byte', '55 bytes', '2 kB', '5,5 MB']);
});
