import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeBlocks } from '../../../../tests/files/describe-blocks.ts';
import { makeOdt, odtHeading, odtList, odtParagraph, odtTable } from '../../../../tests/files/odt-file.ts';
import { readOrRefuse } from '../../../../tests/files/read-or-refuse.ts';
import { makeZip } from '../../../../tests/files/zip-file.ts';
import { DocumentError } from '../../../errors.ts';
import { parseOdt } from './parse-odt.ts';

const parse = (bytes: Uint8Array) => parseOdt({ bytes, filename: 'a.odt' });
const refused = (code: string) => (error: unknown) => error instanceof DocumentError && error.code === code;

test('headings, lists, tables and notes become blocks, and the title comes from the properties', async () => {
  const note =
    '<text:note><text:note-citation>*</text:note-citation><text:note-body><text:p>A <text:span>note</text:span>.</text:p></text:note-body></text:note>';
  const document = await parse(
    makeOdt(
      [
        '<text:p text:style-name="P1">The title</text:p>',
        odtHeading(2, 'Part'),
        `<text:p>One${note}<text:s text:c="2"/>two<text:line-break/>three\n   four</text:p>`,
        odtList(['a', `${odtParagraph('b')}${odtParagraph('more')}${odtList(['c'])}`]),
        odtList(['first', 'second'], 'L2'),
        odtParagraph('between'),
        odtList(['third'], 'L2').replace('<text:list ', '<text:list text:continue-numbering="true" '),
        odtTable([
          ['A', 'B'],
          ['1', '2'],
        ]),
      ],
      { title: 'My & title' },
    ),
  );
  assert.equal(document.title, 'My & title');
  assert.deepEqual(describeBlocks(document), [
    'heading 1: The title',
    'heading 2: Part',
    'paragraph: One[1]  two\nthree four',
    'list-item: - a',
    'list-item: - b',
    'list-item:   more',
    'list-item:   - c',
    'list-item: 1. first',
    'list-item: 2. second',
    'paragraph: between',
    'list-item: 3. third',
    'table-header: A | B',
    'table-row: 1 | 2',
    'list-item: 1. A note.',
  ]);
});

test('deleted text, remarks, the table of contents and pictures are left out', async () => {
  const document = await parse(
    makeOdt([
      '<text:tracked-changes><text:changed-region><text:deletion><text:p>deleted</text:p></text:deletion></text:changed-region></text:tracked-changes>',
      '<text:table-of-content><text:index-body><text:p>Part ..... 3</text:p></text:index-body></text:table-of-content>',
      '<text:p>kept<office:annotation><text:p>remark</text:p></office:annotation><draw:frame><draw:image><office:binary-data>AAAA</office:binary-data></draw:image><svg:title>alt</svg:title></draw:frame></text:p>',
    ]),
  );
  assert.deepEqual(describeBlocks(document), ['paragraph: kept']);
});

test('a text box is a paragraph of its own, and a table within a cell part of its text', async () => {
  const box = '<draw:frame><draw:text-box><text:p>boxed</text:p></draw:text-box></draw:frame>';
  const inner = odtTable([['x', 'y']]);
  const document = await parse(
    makeOdt([
      `<text:p>around${box} it</text:p>`,
      `<table:table><table:table-row><table:table-cell>${inner}</table:table-cell><table:table-cell/></table:table-row></table:table>`,
    ]),
  );
  assert.deepEqual(describeBlocks(document), [
    'paragraph: boxed',
    'paragraph: around it',
    'table-row: x | y |',
  ]);
});

test('a document with a password, or another zip, is refused', async () => {
  await assert.rejects(
    parse(makeOdt([odtParagraph('x')], { encrypted: true })),
    refused('document_encrypted'),
  );
  await assert.rejects(parse(makeZip({ a: 'b' })), refused('document_broken'));
  await assert.rejects(parse(makeZip({ a: 'b' })), /is not an OpenDocument text/);
});

test('hostile counts and depths cost no more than the file', async () => {
  const deep = '<text:list><text:list-item>'.repeat(50_000) + odtParagraph('deep');
  const spaces = '<text:p>a<text:s text:c="999999999"/>b</text:p>';
  const { text } = await parse(makeOdt([deep, '</text:list-item></text:list>'.repeat(50_000), spaces]));
  assert.equal(text, `${' '.repeat(16)}- deep\n\na${' '.repeat(100)}b`);
});

test('a truncated or altered document is read or refused, and nothing else', async () => {
  const bytes = makeOdt([odtHeading(1, 'a'), odtList(['b']), odtTable([['c'], ['d']])], { title: 't' });
  await readOrRefuse(bytes, parseOdt);
});
