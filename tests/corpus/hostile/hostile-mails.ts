import { type CorpusCase, failed, ready, refused } from '../corpus-case.ts';

const mail = (lines: string[]) => Buffer.from(lines.join('\r\n'), 'latin1');

export const hostileMails: CorpusCase[] = [
  {
    what: 'a mail of 1,000 parts',
    filename: 'parts.eml',
    bytes: () =>
      mail([
        'Subject: Many parts',
        'Content-Type: multipart/mixed; boundary=b',
        '',
        ...Array.from(
          { length: 1_000 },
          (_, n) => `--b\r\nContent-Type: text/plain\r\n\r\nThis is part ${n}.`,
        ),
        '--b--',
        '',
      ]),
    expected: ready({ excerpts: ['Subject: Many parts', 'This is part 0.', 'This is part 999.'] }),
  },
  {
    what: 'a mail whose parts lie 5,000 deep within each other',
    filename: 'deep.eml',
    bytes: () =>
      mail([
        'Subject: Deep',
        ...Array.from(
          { length: 5_000 },
          (_, n) => `Content-Type: multipart/mixed; boundary=b${n}\r\n\r\n--b${n}`,
        ),
        'Content-Type: text/plain\r\n\r\nThe bottom.',
      ]),
    expected: failed('document_too_complex'),
  },
  {
    what: 'a mail that never ends its parts',
    filename: 'open.eml',
    bytes: () =>
      mail([
        'Subject: Open',
        'Content-Type: multipart/alternative; boundary=b',
        '',
        '--b',
        'Content-Type: text/plain',
        '',
        'All that there is.',
      ]),
    expected: ready({ excerpts: ['Subject: Open', 'All that there is.'] }),
  },
  {
    what: 'Rich Text with braces that do not match',
    filename: 'braces.rtf',
    bytes: () => Buffer.from('{\\rtf1\\ansi {{{One. }}}}}}} Two.\\par Three. {{{{'),
    expected: ready({ excerpts: ['One.'] }),
  },
  {
    what: 'Rich Text that says 4,000,000,000 bytes of a picture follow',
    filename: 'binary.rtf',
    bytes: () => Buffer.from('{\\rtf1\\ansi Before.\\par {\\pict\\bin4000000000 xyz} After.\\par }'),
    expected: ready({ excerpts: ['Before.'] }),
  },
  {
    what: 'Rich Text of 200,000 open groups',
    filename: 'groups.rtf',
    bytes: () => Buffer.from(`{\\rtf1 ${'{'.repeat(200_000)}Down here.`),
    expected: failed('document_too_complex'),
  },
  {
    what: 'a text that is named like Rich Text',
    filename: 'text.rtf',
    bytes: () => Buffer.from('I am no Rich Text at all.'),
    expected: refused('unsupported_media_type', { status: 415 }),
  },
];
