import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkParsedDocument, describeBlocks } from '../../../../tests/files/describe-blocks.ts';
import { parseSourceCode } from './parse-source-code.ts';

const parse = (text: string) => parseSourceCode({ bytes: Buffer.from(text), filename: 'a.py' });

test('each part that stands at the margin after a blank line is a block', () => {
  const source = `
import os
import sys

# What it does.
def first(a):
    b = a

    return b

class Second:

    def method(self):
        pass
try:
    x()

except E:
    pass
   
`;
  const document = parse(source);
  assert.equal(document.text, source);
  assert.deepEqual(describeBlocks(document), [
    'code: import os\nimport sys',
    'code: # What it does.\ndef first(a):\n    b = a\n\n    return b',
    'code: class Second:\n\n    def method(self):\n        pass\ntry:\n    x()\n\nexcept E:\n    pass',
  ]);
});

test('a closing brace after a blank line belongs to what it closes', () => {
  assert.deepEqual(describeBlocks(parse('f() {\n  a\n\n}\n\n  indented\n\ng\n')), [
    'code: f() {\n  a\n\n}\n\n  indented',
    'code: g',
  ]);
});

test('whatever the code, the map fits it', () => {
  const piece = fc.constantFrom('a', ' ', '\t', '\n', '\r\n', '}', 'end', '\f', '\u00A0', '\x01', 'é', '\0');
  fc.assert(
    fc.property(fc.array(piece), pieces => {
      const document = parse(`${'x'.repeat(1000)}${pieces.join('')}`);
      checkParsedDocument(document);
      assert.ok(document.blocks.every(({ kind }) => kind === 'code'));
    }),
  );
});

test('20 MB without any line end, or of nothing but line ends, take no longer than other files', () => {
  const start = performance.now();
  parse('x'.repeat(20_000_000));
  parse(`x${'\n'.repeat(20_000_000)}`);
  parse(`x${' '.repeat(20_000_000)}`);
  assert.ok(performance.now() - start < 10_000);
});
