import assert from 'node:assert/strict';
import { test } from 'node:test';
import { locateQuote } from './locate-quote.ts';

const marked = (items: string[], quote: string) =>
  [...locateQuote(items, quote)].map(([item, { from, to }]) => items[item]?.slice(from, to));

test('a quote is found across items, white space, ligatures and the rules of a table', () => {
  const items = ['Plant', 'Price', 'Sweet cice', 'ly', '€ 4.20', 'The of', '\ufb01ce is open.'];
  assert.deepEqual(marked(items, 'Sweet cicely | € 4.20'), ['Sweet cice', 'ly', '€ 4.20'.slice(2)]);
  assert.deepEqual(marked(items, 'the  office is'), ['The of', '\ufb01ce is']);
});

test('a quote that goes on on the next page is marked by its beginning; another is not', () => {
  const page = ['Only members of the platform team may start a restore of production data.'];
  const quote = `${page[0]} It also needs the approval of the owner.`;
  assert.ok(marked(page, quote)[0]?.startsWith('Only members of the platform team may start'));
  assert.deepEqual(marked(page, 'Nothing like it'), []);
  assert.deepEqual(marked(page, ''), []);
});
