import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeBlocks } from '../../../../tests/files/describe-blocks.ts';
import { makePptx } from '../../../../tests/files/pptx-file.ts';
import { readOrRefuse } from '../../../../tests/files/read-or-refuse.ts';
import { makeZip } from '../../../../tests/files/zip-file.ts';
import { DocumentError } from '../../../errors.ts';
import { parsePptx } from './parse-pptx.ts';

const parse = (bytes: Uint8Array) => parsePptx({ bytes, filename: 'a.pptx' });

test('slides are pages in their order, each with its title, bullets, table and notes', async () => {
  const document = await parse(
    makePptx(
      [
        { title: 'Plan', box: 'A & B', body: ['Goals', '\tdeeper'], notes: 'Say hello\nand smile' },
        {},
        {
          title: 'Costs',
          table: [
            ['Item', 'Cost'],
            ['Tea', '2'],
          ],
        },
      ],
      { title: 'Our plan' },
    ),
  );
  assert.equal(document.title, 'Our plan');
  assert.deepEqual(describeBlocks(document), [
    'heading 1: Plan',
    'paragraph: A & B',
    'list-item: - Goals',
    'list-item:   - deeper',
    'paragraph: Notes: Say hello\nand smile',
    'heading 1: Costs',
    'table-header: Item | Cost',
    'table-row: Tea | 2',
  ]);
  const { text, pageStarts } = document;
  assert.deepEqual(pageStarts, [0, text.indexOf('Costs') - 2, text.indexOf('Costs')]);
});

test('numbered items have their numbers, anew after a paragraph', async () => {
  const item = (text: string, level: number, bullet: string) =>
    `<a:p><a:pPr lvl="${level}">${bullet}</a:pPr><a:r><a:t>${text}</a:t></a:r></a:p>`;
  const numbered = '<a:buAutoNum type="arabicPeriod"/>';
  const paragraphs = [
    item('one', 0, numbered),
    item('deeper', 1, '<a:buChar char="-"/>'),
    item('two', 0, numbered),
    item('text', 0, '<a:buNone/>'),
    item('anew', 0, numbered),
  ];
  const shapes = `<p:sp><p:txBody>${paragraphs.join('')}</p:txBody></p:sp>`;
  assert.deepEqual(describeBlocks(await parse(makePptx([{ shapes }]))), [
    'list-item: 1. one',
    'list-item:   - deeper',
    'list-item: 2. two',
    'paragraph: text',
    'list-item: 1. anew',
  ]);
});

test('an unordered line, a switched-off bullet and what both worlds repeat', async () => {
  const shapes = `<p:sp><p:nvPr><p:ph type="subTitle"/></p:nvPr><a:p><a:r><a:t>under</a:t></a:r></a:p></p:sp>
    <p:sp><p:nvPr><p:ph idx="1"/></p:nvPr><a:p><a:pPr><a:buNone/></a:pPr><a:r><a:t>plain</a:t></a:r></a:p></p:sp>
    <mc:AlternateContent><mc:Choice><p:sp><a:p><a:r><a:t>once</a:t></a:r></a:p></p:sp></mc:Choice>
    <mc:Fallback><p:sp><a:p><a:r><a:t>once</a:t></a:r></a:p></p:sp></mc:Fallback></mc:AlternateContent>`;
  assert.deepEqual(describeBlocks(await parse(makePptx([{ shapes }]))), [
    'paragraph: under',
    'paragraph: plain',
    'paragraph: once',
  ]);
});

test('a slide that the list names a million times is read once', async () => {
  const members = {
    'ppt/presentation.xml': `<p>${'<p:sldId r:id="a"/>'.repeat(1_000_000)}</p>`,
    'ppt/_rels/presentation.xml.rels': '<Relationship Id="a" Type="slide" Target="/ppt/../ppt/a.xml"/>',
    'ppt/a.xml': '<p:sp><a:p><a:t>hi</a:t></a:p></p:sp>',
  };
  assert.equal((await parse(makeZip(members))).text, 'hi');
});

test('another zip is no presentation', async () => {
  await assert.rejects(parse(makeZip({ 'a.txt': 'x' })), (error: unknown) => {
    return (
      error instanceof DocumentError && error.code === 'document_broken' && /PowerPoint/.test(error.message)
    );
  });
});

test('a truncated or altered presentation is read or refused, and nothing else', async () => {
  await readOrRefuse(makePptx([{ title: 'a', body: ['b'], notes: 'c', table: [['d']] }]), parsePptx);
});
