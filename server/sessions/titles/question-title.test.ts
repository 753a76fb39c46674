import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { questionTitle } from './question-title.ts';

const cases: [what: string, question: string, title: string][] = [
  ['a short question is its title', 'When does the ferry leave?', 'When does the ferry leave?'],
  ['lines become one', 'When\n\tdoes  it\r\nleave?', 'When does it leave?'],
  [
    'a long question is cut between words',
    'When does the ferry to Tangen leave on Sundays and on public holidays?',
    'When does the ferry to Tangen leave on Sundays and on…',
  ],
  ['a last word that just fits stays', `${'abcd '.repeat(11)}abcd and more`, `${'abcd '.repeat(11)}abcd…`],
  ['without spaces it is cut between characters', '船'.repeat(80), `${'船'.repeat(59)}…`],
  ['an emoji of several code points is one character', '👩‍👩‍👧'.repeat(61), `${'👩‍👩‍👧'.repeat(59)}…`],
  ['what nobody sees is left out', '\u202eWhat\u200b is\ufeff it?', 'What is it?'],
];
for (const [what, question, title] of cases) test(what, () => assert.equal(questionTitle(question), title));

test('a title has at most 60 characters, is well formed and one line', () => {
  const characters = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), question => {
      const title = questionTitle(question);
      assert.ok([...characters.segment(title)].length <= 60);
      assert.ok(title.isWellFormed());
      assert.doesNotMatch(title, /\n/);
    }),
  );
});
