import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MarkerScanner } from './marker-scanner.ts';

function scan(pieces: string[], sourceCount = 3) {
  const scanner = new MarkerScanner(sourceCount);
  const all = [...pieces.map(piece => scanner.push(piece)), scanner.end()];
  return {
    text: all.map(({ text }) => text).join(''),
    shown: all.map(({ text }) => text),
    markers: all.flatMap(({ markers }) => markers),
    removed: scanner.removed,
    code: scanner.code,
  };
}

const forms: [written: string, shown: string, numbers: number[], removed: number][] = [
  ['Thirty days [1].', 'Thirty days [1].', [1], 0],
  ['Thirty days [1][2].', 'Thirty days [1][2].', [1, 2], 0],
  ['Thirty days [1, 2].', 'Thirty days [1][2].', [1, 2], 0],
  ['Thirty days [1-3].', 'Thirty days [1][2][3].', [1, 2, 3], 0],
  ['Thirty days [1–2; 3].', 'Thirty days [1][2][3].', [1, 2, 3], 0],
  ['三十天【1】。', '三十天[1]。', [1], 0],
  ['三十天［１］［２］。', '三十天[1][2]。', [1, 2], 0],
  ['Thirty days【2†source】.', 'Thirty days[2].', [2], 0],
  ['Thirty days [^1].', 'Thirty days [1].', [1], 0],
  ['Thirty days [Source 2].', 'Thirty days [2].', [2], 0],
  ['Dreißig Tage [Quelle: 2].', 'Dreißig Tage [2].', [2], 0],
  ['Thirty days [9].', 'Thirty days.', [], 1],
  ['Thirty days [1][9] and [0] more.', 'Thirty days [1] and more.', [1], 2],
  ['Thirty days [1, 7].', 'Thirty days [1].', [1], 1],
  ['Thirty days [2-5].', 'Thirty days [2][3].', [2, 3], 2],
  ['- [9] Thirty days', '- Thirty days', [], 1],
  ['[9] Thirty days', 'Thirty days', [], 1],
  ['since [2020] and [x] and [1a]', 'since [2020] and [x] and [1a]', [], 0],
  ['[1](https://example.org) stays', '[1](https://example.org) stays', [], 0],
  ['[1]: https://example.org', '[1]: https://example.org', [], 0],
  ['As in [1]: thirty.', 'As in [1]: thirty.', [1], 0],
  ['\\[1\\] is no marker', '\\[1\\] is no marker', [], 0],
  ['`list[9]` and ``a`[9]`` [1]', '`list[9]` and ``a`[9]`` [1]', [1], 0],
  ['`unclosed [9]\n\nnext [9] [1]', '`unclosed [9]\n\nnext [1]', [1], 1],
  ['```js\na[9] = `x`;\n\n``\n```\n[1] and [9]', '```js\na[9] = `x`;\n\n``\n```\n[1] and', [1], 1],
  ['~~~\na[9]\n```\n[8]\n~~~\n[9][1]', '~~~\na[9]\n```\n[8]\n~~~\n[1]', [1], 1],
  ['- ```\n  a[9]\n  ```\n- b [9]', '- ```\n  a[9]\n  ```\n- b', [], 1],
  ['```not a fence``` [9] `a[9]`', '```not a fence``` `a[9]`', [], 1],
  ['open [1', 'open [1', [], 0],
  ['Thirty [ ', 'Thirty [ ', [], 0],
  ['```\n[9]', '```\n[9]', [], 0],
];
for (const [written, shown, numbers, removed] of forms)
  test(`${JSON.stringify(written)} is shown as ${JSON.stringify(shown)}`, () => {
    // Whole, character by character (between the halves of a surrogate pair too), and cut in two anywhere.
    const cuts = [[written], written.split('')];
    for (let at = 1; at < written.length; at += 1) cuts.push([written.slice(0, at), written.slice(at)]);
    for (const pieces of cuts) {
      const scanned = scan(pieces);
      assert.equal(scanned.text, shown, JSON.stringify(pieces));
      assert.deepEqual(
        scanned.markers.map(({ number }) => number),
        numbers,
      );
      assert.equal(scanned.removed, removed);
    }
  });

test('text is held back only while it may be the beginning of a marker', () => {
  const { shown } = scan(['Thirty', ' days', ' [see', ' [', '1', ']', ' a', '[Sou', 'p] ', 'b']);
  assert.deepEqual(shown, ['Thirty', ' days', ' [see', '', '', '', ' [1] a', '', '[Soup]', ' b', '']);
});

test('no piece ends within a character', () => {
  const emoji = '😀 [1] 👩‍👩‍👧';
  for (const text of scan(emoji.split('')).shown) assert.ok(text.isWellFormed());
});

const piece = fc.oneof(
  fc.constantFrom(
    '[1]',
    '[2]',
    '[9]',
    ' [1, 2]',
    '[1-3]',
    '【1】',
    '［2］',
    '[1](u)',
    '[1]: u',
    '[',
    ']',
    '`',
    '```',
  ),
  fc.constantFrom(
    '\n',
    '\n\n',
    ' ',
    '  ',
    '- ',
    '~~~',
    '\\',
    '😀',
    '.',
    ' Thirty days',
    '12',
    '[^3]',
    '[Source 1',
  ),
  fc.string({ unit: 'binary', maxLength: 6 }),
);

test('10,000 texts: however a text is cut, the same is shown, with exact markers', () => {
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 30 }).map(pieces => pieces.join('')),
      fc.array(fc.nat(), { maxLength: 12 }),
      (text, at) => {
        const places = [...new Set(at.map(place => place % (text.length + 1)))].sort((a, b) => a - b);
        const pieces = [0, ...places].map((start, index) => text.slice(start, places[index]));
        const whole = scan([text]);
        const cut = scan(pieces);
        assert.equal(cut.text, whole.text);
        assert.deepEqual(cut.markers, whole.markers);
        assert.equal(cut.removed, whole.removed);
        assert.deepEqual(cut.code, whole.code);
        for (const { number, start, end } of cut.markers)
          assert.equal(cut.text.slice(start, end), `[${number}]`);
        if (whole.markers.length + whole.removed === 0) assert.equal(whole.text, text);
      },
    ),
    { numRuns: 10_000 },
  );
});
