import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import { makePdf, type PdfPage, pdfLines } from '../../../../tests/files/pdf-file.ts';
import { readOrRefuse } from '../../../../tests/files/read-or-refuse.ts';
import { DocumentError } from '../../../errors.ts';
import { parsePdf } from './parse-pdf.ts';

const parse = (pages: PdfPage[], options?: Parameters<typeof makePdf>[1]) =>
  parsePdf({ bytes: makePdf(pages, options), filename: 'a.pdf' });
const refused = (code: string) => (error: unknown) => error instanceof DocumentError && error.code === code;

test('a password is needed only where it is needed to open the file', async () => {
  const open = await parse([pdfLines(['Open to all.'])], {
    passwords: { user: '', owner: 'x' },
    title: 'Rights',
  });
  assert.deepEqual([open.text, open.title], ['Open to all.', 'Rights']);
  await assert.rejects(
    parse([pdfLines(['x'])], { passwords: { user: 'secret', owner: 'x' } }),
    refused('document_encrypted'),
  );
});

test('what is no PDF, or a wrecked one, is refused; nothing is written to the console', async context => {
  const said = (['log', 'warn', 'error', 'info'] as const).map(name =>
    context.mock.method(console, name, () => {}),
  );
  for (const bytes of [Buffer.from('hello'), Buffer.from('%PDF-1.7\n1 0 obj\n'), Buffer.alloc(0)])
    await assert.rejects(parsePdf({ bytes, filename: 'a.pdf' }), refused('document_broken'));
  assert.equal(
    (await parse([{ content: 'BT /F9 10 Tf (text) Tj ET BT 1 (' }, pdfLines(['fine'])])).text
      .trim()
      .split('\n')
      .at(-1),
    'fine',
  );
  assert.equal(
    said.reduce((sum, { mock }) => sum + mock.callCount(), 0),
    0,
  );
});

test('a stream that inflates to too much is refused before it is inflated', async () => {
  const bomb = deflateSync(Buffer.alloc(100 * 1024 * 1024, 0x20));
  const twice = deflateSync(bomb);
  for (const [stream, filter] of [
    [bomb, '/FlateDecode'],
    [Buffer.concat([twice, Buffer.alloc(100_000)]), '[/FlateDecode /FlateDecode]'],
  ] as const) {
    const file = makePdf([{ content: stream.toString('latin1') }], { packed: false }).toString('latin1');
    const bytes = Buffer.from(file.replace('<</Length', `<</Filter ${filter}/Length`), 'latin1');
    await assert.rejects(parsePdf({ bytes, filename: 'a.pdf' }), refused('document_too_complex'));
  }
});

test('a truncated or altered PDF is read or refused, and nothing else', async () => {
  const outline = [{ title: 'Head', depth: 0, page: 1 }];
  const pages = [
    [...pdfLines(['Head'], { size: 20 }), ...pdfLines(['One line', 'and another'], { top: 700 })],
    pdfLines(['End']),
  ];
  for (const packed of [true, false])
    await readOrRefuse(makePdf(pages, { outline, title: 'T', packed }), parsePdf, { runs: 300 });
});
