import assert from 'node:assert/strict';
import { test } from 'node:test';
import { headingSubject, isAsked, sentenceSubject } from './choose-subject.ts';

test('a heading loses its number and its colon; one that names nothing is none', () => {
  assert.deepEqual(
    ['3.2 Error codes', '§ 12 Termination', 'IV. Cleaning:', 'A. Scope', 'Voltage\nand current', '2024'].map(
      headingSubject,
    ),
    ['Error codes', 'Termination', 'Cleaning', 'Scope', 'Voltage and current', undefined],
  );
  assert.equal(headingSubject('word '.repeat(30)), undefined);
});

test('a sentence is taken whole: not the first, nor the last of a text that was cut off', () => {
  const text = ' ended here. It is short. The key hangs behind the door of the office. Another one is c';
  const found = sentenceSubject(text, { isCutOff: true });
  assert.equal(found?.subject, 'The key hangs behind the door of the office');
  assert.equal(text.slice(found?.start, found?.end), 'The key hangs behind the door of the office.');
  const two = '. The key hangs behind the door of the office.';
  assert.equal(sentenceSubject(two, { isCutOff: true }), undefined);
  assert.equal(sentenceSubject(two, { isCutOff: false })?.start, 2);
});

test('what a question has named is asked, in whatever case and marks', () => {
  assert.ok(isAsked('Remote work', ['What about REMOTE-WORK?']));
  assert.ok(!isAsked('Remote work', ['Who works remotely?']));
  assert.ok(!isAsked('Fees', ['Are coffees free?']));
});
