import { makeDocx, wordParagraph } from '../../files/docx-file.ts';
import { makeEpub } from '../../files/epub-file.ts';
import { makeOdt, odtParagraph } from '../../files/odt-file.ts';
import { makePptx } from '../../files/pptx-file.ts';
import { makeXlsx } from '../../files/xlsx-file.ts';
import { makeZip } from '../../files/zip-file.ts';
import { type CorpusCase, failed, ready } from '../corpus-case.ts';

/** Nine entities of ten of the one before: a thousand million laughs. */
const laughs = `<!DOCTYPE x [<!ENTITY l0 "laugh">${Array.from(
  { length: 9 },
  (_, n) => `<!ENTITY l${n + 1} "${`&l${n};`.repeat(10)}">`,
).join('')}]>`;
const secret = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/passwd">]>';

const wordXml = (text: string) =>
  `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>${text}</w:t></w:r></w:p></w:body></w:document>`;
const odtXml = (text: string) =>
  `<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:text><text:p>${text}</text:p></office:text></office:body></office:document-content>`;
const odtOf = (content: string) =>
  makeZip([
    { name: 'mimetype', data: 'application/vnd.oasis.opendocument.text', stored: true },
    { name: 'content.xml', data: content },
  ]);
const sheetOf = (doctype: string, entity: string) => {
  const sheet = makeXlsx([{ name: 'A', rows: [['Key', 'Value']] }]);
  return { sheet, xml: `${doctype}<sst><si><t>Before ${entity} after</t></si></sst>` };
};

const withLaughs: CorpusCase[] = [
  {
    what: 'a Word document with a thousand million laughs',
    filename: 'laughs.docx',
    bytes: () => makeDocx({ body: [], parts: { 'word/document.xml': laughs + wordXml('Ha &l9; ha.') } }),
    expected: failed('document_broken'),
  },
  {
    what: 'an OpenDocument text with a thousand million laughs',
    filename: 'laughs.odt',
    bytes: () => odtOf(laughs + odtXml('Ha &l9; ha.')),
    expected: ready({ text: 'Ha &l9; ha.' }),
  },
  {
    what: 'a book with a thousand million laughs',
    filename: 'laughs.epub',
    bytes: () => makeEpub({ chapters: [`<p>Ha ${laughs.slice(11, -2)} &l9; ha.</p>`] }),
    expected: ready({ excerpts: ['Ha', '&l9; ha.'] }),
  },
  {
    what: 'a picture with a thousand million laughs, read as it stands',
    filename: 'laughs.svg',
    bytes: () => Buffer.from(`${laughs}<svg><text>&l9;</text></svg>\n`),
    expected: ready({ text: `${laughs}<svg><text>&l9;</text></svg>\n` }),
  },
];

const withLinksOut: CorpusCase[] = [
  {
    what: 'a Word document that takes its text from /etc/passwd by an entity',
    filename: 'entity.docx',
    bytes: () => makeDocx({ body: [], parts: { 'word/document.xml': secret + wordXml('It is &secret;.') } }),
    expected: failed('document_broken'),
  },
  {
    what: 'an OpenDocument text that takes its text from /etc/passwd by an entity',
    filename: 'entity.odt',
    bytes: () => odtOf(secret + odtXml('It is &secret;.')),
    expected: ready({ text: 'It is &secret;.', absent: ['root:'] }),
  },
  {
    what: 'a book whose spine leads out of it',
    filename: 'outside.epub',
    bytes: () => {
      const item = '<item id="a" href="../../../../etc/passwd" media-type="application/xhtml+xml"/>';
      return makeZip([
        { name: 'mimetype', data: 'application/epub+zip', stored: true },
        { name: 'META-INF/container.xml', data: '<container><rootfile full-path="c.opf"/></container>' },
        {
          name: 'c.opf',
          data: `<package><manifest>${item}</manifest><spine><itemref idref="a"/></spine></package>`,
        },
      ]);
    },
    expected: failed('document_empty'),
  },
  {
    what: 'a Word document that links to a local file as its picture',
    filename: 'linked.docx',
    bytes: () =>
      makeDocx({
        body: [
          wordParagraph('The picture is on my disk.'),
          '<w:p><w:r><w:drawing><wp:inline><a:graphic><a:graphicData><pic:pic><pic:blipFill><a:blip r:link="rId9"/></pic:blipFill></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>',
        ],
        relationships:
          '<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="file:///etc/passwd" TargetMode="External"/>',
      }),
    expected: ready({ text: 'The picture is on my disk.', absent: ['root:'] }),
  },
  {
    what: 'an archive with names that lead out of its folder',
    filename: 'slip.zip',
    bytes: () =>
      makeZip({
        '../../../tmp/lectern-slipped.txt': 'Written outside?',
        '/etc/lectern-slipped.md': '# No\n\nIt is not.',
        'C:\\windows\\lectern.txt': 'Nor here.',
      }),
    expected: ready({
      excerpts: [
        'tmp/lectern-slipped.txt',
        'Written outside?',
        'etc/lectern-slipped.md',
        'It is not.',
        'Nor here.',
      ],
      absent: ['..', '\\'],
    }),
  },
];

const locked: CorpusCase[] = [
  {
    what: 'an archive with a password',
    filename: 'locked.zip',
    bytes: () => makeZip([{ name: 'a.txt', data: 'secret', encrypted: true }]),
    expected: failed('document_encrypted'),
  },
  {
    what: 'an OpenDocument text with a password',
    filename: 'locked.odt',
    bytes: () => makeOdt([odtParagraph('x')], { encrypted: true }),
    expected: failed('document_encrypted'),
  },
  {
    what: 'a book with copy protection',
    filename: 'protected.epub',
    bytes: () =>
      makeEpub({ chapters: ['<p>x</p>'], encryption: 'http://www.w3.org/2001/04/xmlenc#aes256-cbc' }),
    expected: failed('document_encrypted'),
  },
];

const odd: CorpusCase[] = [
  {
    what: 'a workbook whose shared texts hold entities of its own',
    filename: 'laughs.xlsx',
    bytes: () => {
      const { xml } = sheetOf(laughs, '&l9;');
      return makeXlsx([
        {
          name: 'A',
          rows: [
            ['Key', 'Value'],
            ['ha', { xml: `<c r="B2" t="inlineStr"><is><t>${xml.length} &l9;</t></is></c>` }],
          ],
        },
      ]);
    },
    expected: ready({ excerpts: ['Key | Value', 'Key: ha | Value:', '&l9;'] }),
  },
  {
    what: 'a workbook that says it has a million columns',
    filename: 'wide.xlsx',
    bytes: () =>
      makeXlsx([
        {
          name: 'Wide',
          rows: [['Left'], [{ xml: '<c r="ZZZZ2"><v>7</v></c>' }, { xml: '<c r="XFD2"><v>8</v></c>' }]],
        },
      ]),
    expected: ready({ excerpts: ['Wide', 'Left'] }),
  },
  {
    what: 'a presentation without any text',
    filename: 'bare.pptx',
    bytes: () => makePptx([{ shapes: '' }, {}]),
    expected: failed('document_empty'),
  },
  {
    what: 'elements within each other, 100,000 deep, in a Word document',
    filename: 'deep.docx',
    bytes: () =>
      makeDocx({
        body: [
          '<w:tbl><w:tr><w:tc>'.repeat(30_000),
          wordParagraph('down'),
          '</w:tc></w:tr></w:tbl>'.repeat(30_000),
        ],
      }),
    expected: failed('document_too_complex'),
  },
];

export const hostilePackages: CorpusCase[] = [...withLaughs, ...withLinksOut, ...locked, ...odd];
