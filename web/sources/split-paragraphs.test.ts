import assert from 'node:assert/strict';
import { test } from 'node:test';
import { splitParagraphs } from './split-paragraphs.ts';

const split = (text: string, headings: string[], start = 0) =>
  splitParagraphs(
    { document_id: 1, version: 1, start, end: start + text.length, text_length: start + text.length, text },
    {
      headings: headings.map(title => ({
        level: 1,
        title,
        start: start + text.indexOf(title),
        end: start + text.indexOf(title) + title.length,
      })),
      page_starts: [],
    },
  );

test('a heading stands alone, without the marks that make it one in Markdown', () => {
  const text =
    '# The kiln\nIt is hot.\n## Firing\nEleven hours.\n\nCooling\n-------\nIt takes two days.\n\n* * *';
  assert.deepEqual(
    split(text, ['The kiln', 'Firing', 'Cooling'], 100).map(({ text, level }) => [text, level]),
    [
      ['The kiln', 1],
      ['It is hot.', undefined],
      ['Firing', 1],
      ['Eleven hours.', undefined],
      ['Cooling', 1],
      ['It takes two days.', undefined],
      ['* * *', undefined],
    ],
  );
});

test('every piece is where its offsets say', () => {
  const text = '## Firing\n\n  Eleven hours.\nNobody opens it.\n';
  for (const piece of split(text, ['Firing'], 7))
    assert.equal(text.slice(piece.start - 7, piece.end - 7), piece.text);
});
