import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { cleanHeading, maxHeadingCharacters } from './clean-heading.ts';

test('a heading is one line without the marks of Markdown', () => {
  assert.equal(cleanHeading('## Parental  leave ##'), 'Parental leave');
  assert.equal(cleanHeading('Parental leave\n=============='), 'Parental leave');
  assert.equal(
    cleanHeading('### The `take` option of **[find](https://example.org/a)** {#find}'),
    'The take option of find',
  );
  assert.equal(cleanHeading('3.2 Leave of\nabsence:'), '3.2 Leave of absence');
  assert.equal(cleanHeading('The C# language'), 'The C# language');
  assert.equal(cleanHeading('__init__.py'), '__init__.py');
  assert.equal(cleanHeading('### '), '###');
});

test('any heading becomes a short, well-formed line, in time that does not depend on its length', {
  timeout: 5000,
}, () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 600, size: 'max' }), text => {
      const heading = cleanHeading(text);
      assert.ok(heading.length <= maxHeadingCharacters);
      assert.ok(heading.isWellFormed());
      assert.doesNotMatch(heading, /[\n\p{Cc}]|^\s|\s$/u);
    }),
  );
  for (const text of ['[', ' ', '#', '-', 'word ', '{#'])
    assert.ok(cleanHeading(text.repeat(1_000_000)).length <= maxHeadingCharacters);
});
