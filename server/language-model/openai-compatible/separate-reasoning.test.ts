import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createReasoningSeparator, type SeparatedText } from './separate-reasoning.ts';

function separate(pieces: readonly string[]): SeparatedText {
  const separator = createReasoningSeparator();
  const parts = [...pieces.map(piece => separator.push(piece)), separator.end()];
  return {
    reasoning: parts.map(part => part.reasoning).join(''),
    text: parts.map(part => part.text).join(''),
  };
}

const cases: [what: string, written: string, expected: SeparatedText][] = [
  ['reasoning, then the answer', '<think>Hmm.</think>Yes.', { reasoning: 'Hmm.', text: 'Yes.' }],
  [
    'white space around the tags',
    '\n <think>\nHmm.\n</think>\n\nYes. \n',
    { reasoning: '\nHmm.\n', text: 'Yes. \n' },
  ],
  ['no reasoning', 'Yes <b>indeed</b>.', { reasoning: '', text: 'Yes <b>indeed</b>.' }],
  ['an empty reasoning', '<think>\n\n</think>\n\nYes.', { reasoning: '\n\n', text: 'Yes.' }],
  [
    'the tag further on is text',
    'Models write <think>x</think>.',
    { reasoning: '', text: 'Models write <think>x</think>.' },
  ],
  [
    'a second pair is text',
    '<think>a</think>b<think>c</think>',
    { reasoning: 'a', text: 'b<think>c</think>' },
  ],
  ['no end', '<think>Hmm, </thin', { reasoning: 'Hmm, </thin', text: '' }],
  ['something like the tag', '<thin ice>', { reasoning: '', text: '<thin ice>' }],
  ['half a tag', '  <thi', { reasoning: '', text: '  <thi' }],
  ['a sign of comparison', '<', { reasoning: '', text: '<' }],
  ['leading white space of an answer', '  Yes.', { reasoning: '', text: '  Yes.' }],
  ['nothing', '', { reasoning: '', text: '' }],
];

for (const [what, written, expected] of cases)
  test(`${what}: the same however it is cut`, () => {
    assert.deepEqual(separate([written]), expected);
    assert.deepEqual(separate([...written]), expected);
    for (let cut = 0; cut <= written.length; cut += 1)
      assert.deepEqual(separate([written.slice(0, cut), written.slice(cut)]), expected, String(cut));
  });

test('no cut changes anything, and nothing but tags and the gap is lost', () => {
  const words = fc.array(
    fc.constantFrom('<think>', '</think>', '<', 'th', 'ink>', '</', ' ', '\n', 'a', '😀'),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(words, pieces => {
      const whole = pieces.join('');
      const separated = separate(pieces);
      assert.deepEqual(separated, separate([whole]));
      if (separated.reasoning === '' && !whole.trimStart().startsWith('<think>'))
        assert.equal(separated.text, whole);
    }),
    { numRuns: 1000 },
  );
});

test('what is certain is not held back', () => {
  const separator = createReasoningSeparator();
  assert.deepEqual(separator.push('<think>Hmm, a < b'), { reasoning: 'Hmm, a < b', text: '' });
  assert.deepEqual(separator.push('</think>Yes'), { reasoning: '', text: 'Yes' });
  assert.deepEqual(separator.push(' <think>'), { reasoning: '', text: ' <think>' });
});
