import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findLocale } from './find-locale.ts';

test('the reader’s own variety of a language is taken', () => {
  assert.equal(findLocale('en', ['de-AT', 'en-GB', 'en-US']), 'en-GB');
  assert.equal(findLocale('de', ['DE-at']), 'DE-at');
  assert.equal(findLocale('fr', ['de', 'fra']), 'fr');
});

test('what is no language tag is left out, as what a Chromium in the locale POSIX says', () => {
  assert.throws(() => new Intl.NumberFormat('en-US@posix'), RangeError);
  assert.equal(findLocale('en', ['en-US@posix', 'en']), 'en');
  assert.equal(findLocale('en', ['en-US@posix']), 'en');
});
