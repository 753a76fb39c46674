import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkParsedDocument, describeBlocks } from '../../../../tests/files/describe-blocks.ts';
import { readOrRefuse } from '../../../../tests/files/read-or-refuse.ts';
import { DocumentError } from '../../../errors.ts';
import { parseRtf } from './parse-rtf.ts';

const parse = (rtf: string) => parseRtf({ bytes: Buffer.from(rtf, 'latin1'), filename: 'a.rtf' });
const blocksOf = (rtf: string) => describeBlocks(parse(rtf));
const refused = (code: string) => (error: unknown) => error instanceof DocumentError && error.code === code;

const letter = String.raw`{\rtf1\ansi\ansicpg1252\deff0\uc1
{\fonttbl{\f0\fswiss Arial;}{\f1\froman\fcharset204 Times New Roman Cyr;}}
{\colortbl;\red0\green0\blue0;}
{\stylesheet{\s0 Normal;}{\s1\b heading 1;}{\s2\outlinelevel1 Sub;}}
{\info{\title The \'fcbung}{\author Nobody}}
{\*\generator Secret;}{\header Page head\par}
\pard\s1 The {\b light}house\par
\pard Painted gr\'fcn in\~1931\emdash\line by \{hand\} \u8364?5 \u-10179?\u-8704?.\par
{\f1 \'cc\'ee\'f1\'ea\'e2\'e0}\par
\pard\s2 History\par
\pard\outlinelevel0 Direct\par
\pard{\listtext\'b7\tab}\ilvl0 one\par
{\listtext 2.\tab}\ilvl1 two\par
\pard{\v hidden}{\pict\wmetafile8 0102030405}shown\par
\trowd\trhdr\cellx1\cellx2\pard\intbl Year\cell Colour\cell\row
\trowd\cellx1\cellx2\pard\intbl 1931\cell green\par and white\cell\row
\pard End}`;

test('paragraphs, headings, lists and tables become blocks', () => {
  const document = parse(letter);
  assert.equal(document.title, 'The übung');
  assert.deepEqual(describeBlocks(document), [
    'heading 1: The lighthouse',
    'paragraph: Painted grün in 1931—\nby {hand} €5 \u{1F600}.',
    'paragraph: Москва',
    'heading 2: History',
    'heading 1: Direct',
    'list-item: - one',
    'list-item:   2. two',
    'paragraph: shown',
    'table-header: Year | Colour',
    'table-row: 1931 | green and white',
    'paragraph: End',
  ]);
});

test('bytes are read in the document’s code page, or the font’s', () => {
  assert.equal(parse(String.raw`{\rtf1\ansi\ansicpg932 \'82\'b1\'82\'f1\'83\'65}`).text, 'こんテ');
  assert.equal(
    parse(String.raw`{\rtf1\ansi\ansicpg932 \'83e}`).text,
    'テ',
    'a second byte that is written as a letter',
  );
  assert.equal(parse(String.raw`{\rtf1\mac caf\'8e}`).text, 'café');
  assert.equal(parse(String.raw`{\rtf1\ansi\ansicpg99999 caf\'e9}`).text, 'café');
  assert.equal(parse('{\\rtf1\\ansi caf\xe9}').text, 'café');
});

test('what stands in place of a Unicode character is passed over, as far as \\uc says', () => {
  assert.equal(parse(String.raw`{\rtf1\uc2 \u8364EU5}`).text, '€5');
  assert.equal(parse(String.raw`{\rtf1\uc0 \u8364EU5}`).text, '€EU5');
  assert.equal(parse(String.raw`{\rtf1{\uc0 \u8364}\u8364\'80x}`).text, '€€x');
  assert.equal(parse(String.raw`{\rtf1 \u8364\~x}`).text, '€x');
  assert.equal(parse(String.raw`{\rtf1{\u8364}x}`).text, '€x', 'a group’s end ends it');
});

test('binary parts are passed over, whatever braces they hold', () => {
  assert.equal(parse(String.raw`{\rtf1 a{\pict\bin6 {{{\{ }b}`).text, 'ab');
  assert.equal(parse(String.raw`{\rtf1 a\bin999999999 b}`).text, 'a');
  assert.equal(parse(String.raw`{\rtf1 a\bin-5 b}`).text, 'ab');
});

test('a box’s text is read, its description is not', () => {
  assert.deepEqual(
    blocksOf(String.raw`{\rtf1 a\par{\shp{\*\shpinst{\sp{\sn name}{\sv value}}{\shptxt In a box\par}}}b}`),
    ['paragraph: a', 'paragraph: In a box', 'paragraph: b'],
  );
});

test('a note that readers may skip is read where it stands', () => {
  const rtf = String.raw`{\rtf1 Signed.{\super\chftn}{\*\footnote\chftn\~\plain\pard {\pard Two pages.\par}
}{\*\generator x}\par Next.\par}`;
  assert.equal(parse(rtf).text, 'Signed. Two pages.\n\nNext.');
});

test('a table that is cut off is read as far as it goes', () => {
  assert.deepEqual(blocksOf(String.raw`{\rtf1\trowd\intbl a\cell b`), ['table-row: a | b']);
});

test('files without text and files that are no Rich Text are refused', () => {
  assert.throws(() => parse(String.raw`{\rtf1{\pict 010203}}`), refused('document_without_text'));
  assert.throws(() => parse('plain'), refused('document_broken'));
});

test('large and deeply nested files end soon', { timeout: 60_000 }, () => {
  assert.throws(() => parse(`{\\rtf1 ${'{'.repeat(1_000_000)}`), refused('document_too_complex'));
  assert.equal(parse(`{\\rtf1 a${'}'.repeat(1_000_000)}`).text, 'a');
  parse(`{\\rtf1 ${'word \\b '.repeat(1_000_000)}`);
  parse(`{\\rtf1 ${"\\'e4".repeat(1_000_000)}`);
  parse(`{\\rtf1 ${'a'.repeat(10_000_000)}`);
  parse(`{\\rtf1 a${'\\cell'.repeat(1_000_000)}`);
  parse(`{\\rtf1 a${'\\u228?'.repeat(1_000_000)}`);
});

test('a file that is cut off or altered is read or refused', async () => {
  await readOrRefuse(Buffer.from(letter, 'latin1'), parseRtf, { runs: 1000 });
  const words = [
    '{',
    '}',
    '\\par',
    '\\u-10179?',
    '\\cell',
    '\\row',
    '\\pard',
    '\\intbl',
    '\\*',
    'a',
    "\\'e4",
    '\\v',
    '\\s1',
    '\\',
    '\\uc3',
    '\0',
    '\\stylesheet',
    '\\listtext',
  ];
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words)), pieces => {
      try {
        checkParsedDocument(parse(`{\\rtf1 ${pieces.join('')}`));
      } catch (error) {
        assert.ok(error instanceof DocumentError, String(error));
      }
    }),
    { numRuns: 1000 },
  );
});
