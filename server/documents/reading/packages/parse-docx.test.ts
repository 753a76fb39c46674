import assert from 'node:assert/strict';
import fs from 'node:fs';
import { mock, test } from 'node:test';
import { describeBlocks } from '../../../../tests/files/describe-blocks.ts';
import {
  makeDocx,
  wordListItem,
  wordParagraph,
  wordRun,
  wordTable,
} from '../../../../tests/files/docx-file.ts';
import { readOrRefuse } from '../../../../tests/files/read-or-refuse.ts';
import { DocumentError } from '../../../errors.ts';
import { parseDocx } from './parse-docx.ts';

const parse = (document: Parameters<typeof makeDocx>[0]) =>
  parseDocx({ bytes: makeDocx(document), filename: 'a.docx' });
const refused = (code: string) => (error: unknown) => error instanceof DocumentError && error.code === code;

test('headings, lists, tables and footnotes become blocks, and the title comes from the properties', async () => {
  const document = await parse({
    title: 'Annual  report',
    footnotes: ['Estimated.'],
    body: [
      wordParagraph('The report', { style: 'Title' }),
      wordParagraph('Results', { style: 'Heading2' }),
      `<w:p>${wordRun('Sales rose')}<w:r><w:footnoteReference w:id="1"/></w:r>${wordRun(' <fast> & far.')}</w:p>`,
      wordListItem('one'),
      wordListItem('deeper', { depth: 1 }),
      wordListItem('first', { list: 2 }),
      wordListItem('second', { list: 2 }),
      wordTable(
        [
          ['Year', 'Sales'],
          ['2024', '12'],
        ],
        { boldHeader: true },
      ),
      wordTable([
        ['a', 'b'],
        ['c', 'd'],
      ]),
    ],
  });
  assert.equal(document.title, 'Annual report');
  assert.deepEqual(describeBlocks(document), [
    'heading 1: The report',
    'heading 2: Results',
    'paragraph: Sales rose[1] <fast> & far.',
    'list-item: - one',
    'list-item:   - deeper',
    'list-item: 1. first',
    'list-item: 2. second',
    'table-header: Year | Sales',
    'table-row: 2024 | 12',
    'table-row: a | b',
    'table-row: c | d',
    'list-item: 1. Estimated.',
  ]);
});

test('a style is a heading by its outline level, its own or an inherited one, whatever its name; a table of contents is left out', async () => {
  const styles = `
    <w:style w:type="paragraph" w:styleId="U"><w:name w:val="Überschrift 'A'"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
    <w:style w:type="paragraph" w:styleId="V"><w:name w:val="Klausel"/><w:basedOn w:val="U"/></w:style>
    <w:style w:type="paragraph" w:styleId="B"><w:name w:val="Text"/><w:pPr><w:outlineLvl w:val="9"/></w:pPr></w:style>
    <w:style w:type="paragraph" w:styleId="X"><w:name w:val="X"/><w:basedOn w:val="Y"/></w:style>
    <w:style w:type="paragraph" w:styleId="Y"><w:name w:val="Y"/><w:basedOn w:val="X"/></w:style>`;
  const contents = '<w:style w:type="paragraph" w:styleId="T"><w:name w:val="toc 1"/></w:style>';
  const body = ['U', 'V', 'B', 'X', 'T'].map(style => wordParagraph(style, { style }));
  assert.deepEqual(describeBlocks(await parse({ styles: styles + contents, body })), [
    'heading 2: U',
    'heading 2: V',
    'paragraph: B',
    'paragraph: X',
  ]);
});

test('deleted text is not shown, inserted and moved text once', async () => {
  const run = (text: string) => wordRun(text);
  const body = [
    `<w:p>${run('The fee is ')}<w:del><w:r><w:delText>10</w:delText></w:r></w:del><w:ins>${run('20')}</w:ins>.</w:p>`,
    `<w:p><w:moveFrom>${run('moved')}</w:moveFrom></w:p><w:p><w:moveTo>${run('moved')}</w:moveTo></w:p>`,
  ];
  assert.equal((await parse({ body })).text, 'The fee is 20\n\nmoved');
});

test('linked files are neither opened nor shown, and pictures are left out', async () => {
  const opened = [
    ...(['readFile', 'readFileSync', 'open', 'openSync'] as const).map(name => mock.method(fs, name)),
    ...(['readFile', 'open'] as const).map(name => mock.method(fs.promises, name)),
  ];
  const drawing = (attribute: string) =>
    `<w:p>${wordRun('before')}<w:r><w:drawing><wp:inline><wp:docPr descr="alt text"/><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip ${attribute}/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`;
  const type = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
  const document = await parse({
    body: [
      drawing('r:link="secret"'),
      drawing('r:embed="inside"'),
      '<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>INCLUDETEXT "/etc/passwd"</w:instrText><w:fldChar w:fldCharType="end"/></w:r></w:p>',
    ],
    relationships: `<Relationship Id="secret" Type="${type}/image" Target="file:///etc/passwd" TargetMode="External"/>
      <Relationship Id="inside" Type="${type}/image" Target="media/image1.png"/>`,
    parts: { 'word/media/image1.png': 'not looked at' },
  });
  assert.equal(document.text, 'before\n\nbefore');
  assert.deepEqual(
    opened.flatMap(({ mock }) => mock.calls.map(call => call.arguments[0])),
    [],
  );
  mock.restoreAll();
});

test('a file that is something else, locked or too large is refused with its reason', async () => {
  const parseBytes = (bytes: Uint8Array) => parseDocx({ bytes, filename: 'a.docx' });
  await assert.rejects(parseBytes(Buffer.from('hello')), refused('document_broken'));
  const compound = Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(500)]);
  await assert.rejects(parseBytes(compound), refused('unsupported_media_type'));
  compound.write('EncryptedPackage', 100, 'utf16le');
  await assert.rejects(parseBytes(compound), refused('document_encrypted'));
  await assert.rejects(
    parse({ body: [], parts: { 'word/document.xml': '<w:document' } }),
    refused('document_broken'),
  );
  const large = { 'word/document.xml': `<a>${' '.repeat(30_000_000)}</a>` };
  await assert.rejects(parse({ body: [], parts: large }), refused('document_too_complex'));
});

test('entities are not expanded, and nesting ends in a refusal', async () => {
  const lol = `<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;"><!ENTITY x SYSTEM "file:///etc/passwd">]>`;
  const bomb = `${lol}<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${wordParagraph('x')}<w:p><w:r><w:t>&b;&x;</w:t></w:r></w:p></w:body></w:document>`;
  const expanded = await parse({ body: [], parts: { 'word/document.xml': bomb } }).catch(error => {
    assert.ok(error instanceof DocumentError);
    return { text: '' };
  });
  assert.doesNotMatch(expanded.text, /aaa|root/);
  const deep = '<w:sdt><w:sdtContent>'.repeat(20_000) + '</w:sdtContent></w:sdt>'.repeat(20_000);
  await assert.rejects(parse({ body: [deep] }), refused('document_too_complex'));
});

test('a truncated or altered document is read or refused, and nothing else', async () => {
  const bytes = makeDocx({ body: [wordParagraph('Text', { style: 'Heading1' }), wordTable([['a', 'b']])] });
  await readOrRefuse(bytes, parseDocx);
});
