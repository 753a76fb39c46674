import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { snippetFinder } from './find-snippet.ts';
import { parseSearch } from './search-terms.ts';

function snippetOf(text: string, query: string) {
  const search = parseSearch(query);
  assert.ok(search);
  const { snippet, marks } = snippetFinder(search)(text);
  return { snippet, marked: marks.map(({ start, end }) => snippet.slice(start, end)) };
}

const filler = 'Nothing of that kind is said in this sentence. '.repeat(10);

test('the words stand in the snippet, inflected or not, without the punctuation around them', () => {
  assert.deepEqual(snippetOf('“Ferries” (to Tangen) leave at dawn.', 'ferry tangen'), {
    snippet: '“Ferries” (to Tangen) leave at dawn.',
    marked: ['Ferries', 'Tangen'],
  });
});

test('of a long text the part with the most different words is shown', () => {
  const { snippet, marked } = snippetOf(
    `Ferry, ferry, ferry! ${filler}The ferry to Tangen. ${filler}`,
    'ferry tangen',
  );
  assert.deepEqual(marked, ['ferry', 'Tangen']);
  assert.match(snippet, /^….*The ferry to Tangen\..*…$/);
});

test('scripts without spaces are marked within their runs', () => {
  assert.deepEqual(snippetOf('这份合同的违约责任是什么？', '违约责任').marked, ['违约责任']);
  assert.deepEqual(snippetOf('เงื่อนไขการรับประกันคืออะไร', 'รับประกัน').marked, ['รับประกัน']);
});

test('a text without the words is shown from its beginning', () => {
  const { snippet, marked } = snippetOf(filler, 'lighthouse');
  assert.deepEqual(marked, []);
  assert.match(snippet, /^Nothing of that kind.*…$/);
});

test('whatever the text, snippets are short, well formed, and marks lie in them', () => {
  const texts = fc.array(
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('ferry', ' ', '\n', '渡船', '💡')),
    {
      maxLength: 80,
    },
  );
  fc.assert(
    fc.property(texts, fc.constantFrom('ferry', '渡船', 'fer x'), (parts, query) => {
      const text = parts.join('');
      const search = parseSearch(query);
      assert.ok(search);
      const { snippet, marks } = snippetFinder(search)(text);
      assert.ok(snippet.length <= 240, String(snippet.length));
      assert.ok(snippet.isWellFormed() || !text.isWellFormed());
      let last = 0;
      for (const { start, end } of marks) {
        assert.ok(last <= start && start < end && end <= snippet.length);
        last = end;
      }
    }),
  );
});
