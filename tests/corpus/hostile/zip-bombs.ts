import { makeDocx, wordParagraph, wordRun } from '../../files/docx-file.ts';
import { makeOverlappingZip, makeZip } from '../../files/zip-file.ts';
import { type CorpusCase, failed } from '../corpus-case.ts';

const MEGABYTE = 1_000_000;

/** Word's markup for a text, and spaces after it: 500 MB that deflate to 510 KB. */
function bombXml(megabytes: number): Buffer {
  const start = Buffer.from(
    `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${wordParagraph('Boom.')}`,
  );
  return Buffer.concat([
    start,
    Buffer.alloc(megabytes * MEGABYTE, ' '),
    Buffer.from('</w:body></w:document>'),
  ]);
}

function docxOf(data: Buffer, declaredSize?: number): Buffer {
  const relationship = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument';
  return makeZip([
    {
      name: '_rels/.rels',
      data: `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="${relationship}" Target="word/document.xml"/></Relationships>`,
    },
    { name: 'word/document.xml', data, ...(declaredSize !== undefined && { declaredSize }) },
  ]);
}

const names = (count: number, ending: string) => Array.from({ length: count }, (_, n) => `${n}${ending}`);

/** Files that are small and would fill the memory. */
export const zipBombs: CorpusCase[] = [
  {
    what: 'a Word document of half a megabyte that unpacks to 500 MB',
    filename: 'bomb.docx',
    bytes: () => docxOf(bombXml(500)),
    expected: failed('document_too_complex'),
  },
  {
    what: 'the same with a declared size of 1,000 bytes',
    filename: 'modest-bomb.docx',
    bytes: () => docxOf(bombXml(500), 1_000),
    expected: failed('document_too_complex'),
  },
  {
    what: 'the same as an archive with one text in it',
    filename: 'bomb.zip',
    bytes: () => makeZip({ 'a.txt': Buffer.alloc(500 * MEGABYTE, 'boom ') }),
    expected: failed('document_without_text'),
  },
  {
    what: 'an archive of 3,000 entries that share one packed megabyte',
    filename: 'overlapping.zip',
    bytes: () => makeOverlappingZip(names(3_000, '.txt'), MEGABYTE),
    expected: failed('document_too_complex'),
  },
  {
    what: 'a Word document whose parts share one packed megabyte',
    filename: 'overlapping.docx',
    bytes: () => makeOverlappingZip(['word/document.xml', ...names(1_000, '.xml'), '_rels/.rels'], MEGABYTE),
    expected: failed('document_broken'),
  },
  {
    what: 'archives within archives, each ten times as large',
    filename: 'nested.zip',
    bytes: () => {
      let inner = makeZip({ 'zeros.txt': Buffer.alloc(10 * MEGABYTE, '0') });
      for (let depth = 0; depth < 4; depth++)
        inner = makeZip(Object.fromEntries(names(10, '.zip').map(name => [name, inner])));
      return inner;
    },
    expected: failed('document_without_text'),
  },
  {
    what: 'a Word document of a million paragraphs',
    filename: 'paragraphs.docx',
    bytes: () => makeDocx({ body: [`<w:p>${wordRun('x')}</w:p>`.repeat(1_000_000)] }),
    expected: failed('document_too_complex'),
  },
];
