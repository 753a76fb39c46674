import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { composeSearchQuery } from './follow-up-query.ts';

test('a first question is searched as it stands', () => {
  const query = composeSearchQuery('What is a sextant?', []);
  assert.deepEqual(query, {
    texts: [{ text: 'What is a sextant?', weight: 3 }],
    embedded: ['What is a sextant?'],
  });
});

test('words of earlier questions count less the longer ago they were asked', () => {
  const { texts } = composeSearchQuery('c?', ['b?', 'a?']);
  assert.deepEqual(
    texts.map(({ text, weight }) => [text, Number(weight.toFixed(3))]),
    [
      ['c?', 3],
      ['b?', 0.7],
      ['a?', 0.49],
    ],
  );
});

test('the vector is two parts question and one part of all turns, the newest first', () => {
  assert.deepEqual(composeSearchQuery('c?', ['b?', 'a?']).embedded, ['c?', 'c?', 'c?\nb?\na?']);
});

test('what was asked twice counts once, where it was asked last, and nothing empty is searched', () => {
  const { texts, embedded } = composeSearchQuery('c?', ['b?', ' ', 'c?', 'a?', 'b?']);
  assert.deepEqual(
    texts.map(({ text }) => text),
    ['c?', 'b?', 'a?'],
  );
  assert.equal(embedded.at(-1), 'c?\nb?\na?');
  assert.deepEqual(composeSearchQuery('c?', ['c?']).embedded, ['c?']);
});

test('a long question leaves no room for the turns before it', () => {
  const question = 'long '.repeat(400);
  assert.deepEqual(composeSearchQuery(question, ['short?']).embedded, [question]);
});

test('however long a chat is, what is searched stays bounded and begins with the question', () => {
  const text = fc.string({ minLength: 1, maxLength: 800 });
  fc.assert(
    fc.property(text, fc.array(text, { maxLength: 60 }), (question, earlier) => {
      const { texts, embedded } = composeSearchQuery(question, earlier);
      assert.equal(texts[0]?.text, question);
      assert.equal(embedded[0], question);
      assert.ok(texts.length <= 7);
      const total = texts.slice(1).reduce((sum, { weight }) => sum + weight, 0);
      assert.ok(total < 3, 'all earlier turns together weigh less than the question');
      for (const one of embedded) assert.ok(one.length <= 2_000 && one.startsWith(question));
    }),
  );
});
