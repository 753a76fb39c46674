import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseMediaType } from './media-type.ts';
import { nameFile } from './name-file.ts';

const name = (url: string, mediaType?: string, contentDisposition?: string) =>
  nameFile(new URL(url, 'https://example.com'), { mediaType, contentDisposition });

test('a name comes from the path, with an ending that fits the type', () => {
  const cases: [url: string, mediaType: string | undefined, name: string][] = [
    ['/guide.html', 'text/html', 'guide.html'],
    ['/guide', 'text/html', 'guide.html'],
    ['/guide/', 'text/html', 'guide.html'],
    ['/', 'text/html', 'example.com.html'],
    ['/', 'text/plain', 'example.com.txt'],
    ['/', undefined, 'example.com'],
    ['/page.php?id=1', 'text/html', 'page.php.html'],
    ['/download.php', 'application/pdf', 'download.php.pdf'],
    ['/pdf/2401.12345', 'application/pdf', '2401.12345.pdf'],
    ['/REPORT.PDF', 'application/pdf', 'REPORT.PDF'],
    ['/main/README.md', 'text/plain', 'README.md'],
    ['/main/notes', 'text/plain', 'notes.txt'],
    ['/main/build.xyz', 'text/x-unknown', 'build.xyz.txt'],
    ['/main/parser.py', 'text/x-python', 'parser.py'],
    ['/release-1.2', 'text/plain', 'release-1.2.txt'],
    ['/data', 'text/csv', 'data.csv'],
    ['/a/b.ipynb', 'application/json', 'b.ipynb'],
    ['/book.epub', 'application/zip', 'book.epub'],
    ['/x', 'application/vnd.openxmlformats-officedocument.wordprocessingml.document', 'x.docx'],
    ['/file.docx', 'application/octet-stream', 'file.docx'],
    ['/B%C3%BCcher%20und%20mehr.txt', 'text/plain', 'Bücher und mehr.txt'],
    ['/%FF%FE.txt', 'text/plain', '%FF%FE.txt'],
    ['/a%2F..%2F..%2Fetc%2Fpasswd', 'text/plain', 'passwd.txt'],
    ['/%2E%2E%2F', 'text/html', 'example.com.html'],
  ];
  for (const [url, mediaType, expected] of cases) assert.equal(name(url, mediaType), expected, url);
});

test('the name that the server gives wins', () => {
  const cases: [header: string, name: string][] = [
    ['attachment; filename="report.pdf"', 'report.pdf'],
    ['attachment; filename=report.pdf; size=5', 'report.pdf'],
    ['inline;FileName = "a \\"quoted\\" name.txt"', 'a "quoted" name.txt'],
    [`attachment; filename="naive.txt"; filename*=UTF-8''na%C3%AFve.txt`, 'naïve.txt'],
    [`attachment; filename*=UTF-8'en'%e2%82%ac.txt; filename="euro.txt"`, '€.txt'],
    [`attachment; filename*=iso-8859-1''na%EFve.txt`, 'naïve.txt'],
    [`attachment; filename*=koi8-r''x.txt; filename="plain.txt"`, 'plain.txt'],
    [Buffer.from('attachment; filename="Bücher.pdf"').toString('latin1'), 'Bücher.pdf'],
    ['attachment; filename="Bücher.pdf"', 'Bücher.pdf'],
    ['attachment; filename="../../etc/passwd"', 'passwd.html'],
    ['attachment; filename="table.csv"', 'table.csv'],
    ['attachment; filename="table"', 'table.html'],
    ['attachment', 'path.html'],
    ['attachment; filename=""', 'path.html'],
  ];
  for (const [header, expected] of cases) assert.equal(name('/path', 'text/html', header), expected, header);
});

test('names have at most 255 characters, the ending among them', () => {
  const long = name(`/${'x'.repeat(300)}`, 'application/pdf');
  assert.equal(long.length, 255);
  assert.ok(long.endsWith('.pdf'));
});

test('a media type is read without its parameters, a broken one is none', () => {
  assert.deepEqual(parseMediaType('Text/HTML; x=y; Charset="UTF-8"'), {
    mediaType: 'text/html',
    charset: 'utf-8',
  });
  assert.deepEqual(parseMediaType('application/pdf'), { mediaType: 'application/pdf', charset: undefined });
  for (const broken of ['', 'html', '; charset=', 'text/html/x', undefined])
    assert.deepEqual(parseMediaType(broken), { mediaType: undefined, charset: undefined });
});
