import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { activeMarkdown } from '../../../../tests/poisoned/active-markdown.ts';
import { ShownText } from './shown-text.ts';

function show(pieces: string[], sourceCount = 3) {
  const shown = new ShownText(sourceCount);
  const all = [...pieces.map(piece => shown.push(piece)), shown.end()];
  return { text: all.map(({ text }) => text).join(''), markers: all.flatMap(({ markers }) => markers) };
}

test('where a marker is taken out nothing becomes active', () => {
  for (const text of [
    '<[9]img src=https://evil.example>',
    'ht[9]tps://evil.example w[9]ww.evil.example https:/[9]/evil.example',
    '! [9][a](https://evil.example)',
    '【1】(https://evil.example)',
    '【1†source】: https://evil.example\n\n[1]',
    '[[9]1](https://evil.example) [[[9]9]9](x)',
    '<[[9]9]img src=x>',
    '``[9]`\n<img src=x>',
  ])
    assert.deepEqual(activeMarkdown(show([text]).text), [], `${text} -> ${show([text]).text}`);
});

test('markers are found where they stand in what is shown', () => {
  const { text, markers } = show(['See https://a.example/b [1]. Use <b> [2, 9][', '3] and `a[1]`.\uF8F5[1']);
  assert.equal(text, 'See `https://a.example/b` [1]. Use < b> [2][3] and `a[1]`.[1');
  assert.deepEqual(
    markers.map(({ number, start, end }) => [number, text.slice(start, end)]),
    [
      [1, '[1]'],
      [2, '[2]'],
      [3, '[3]'],
    ],
  );
});

const fragments = [
  ...[
    '[9]',
    '[1]',
    '【1】',
    '［2］',
    ' [9]',
    '[[9]',
    '9]',
    '1',
    '<',
    'img src=x>',
    '!',
    '[',
    ']',
    '(',
    ')',
    ':',
    '\uF8F5',
  ],
  ...[
    'https:',
    '//',
    '/',
    'evil.example',
    'h',
    'ttps',
    'ww',
    'w.',
    'a',
    '`',
    '``',
    '```',
    '\n',
    ' ',
    '$',
    '\\',
    '&',
    '#58;',
    '- ',
  ],
];
const texts = fc
  .array(fc.constantFrom(...fragments), { minLength: 1, maxLength: 25 })
  .map(parts => parts.join(''));

test('whatever is put together, nothing active comes out and every marker is whole', () => {
  fc.assert(
    fc.property(texts, fc.integer({ min: 1, max: 7 }), (text, size) => {
      const whole = show([text]);
      assert.deepEqual(activeMarkdown(whole.text), []);
      for (const { number, start, end } of whole.markers) {
        assert.equal(whole.text.slice(start, end), `[${number}]`);
        assert.ok(number >= 1 && number <= 3);
      }
      const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, index) =>
        text.slice(index * size, (index + 1) * size),
      );
      assert.deepEqual(show(pieces), whole);
    }),
    { numRuns: 5_000 },
  );
});
