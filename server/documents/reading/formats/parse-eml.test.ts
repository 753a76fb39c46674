import assert from 'node:assert/strict';
import { test } from 'node:test';
import { describeBlocks } from '../../../../tests/files/describe-blocks.ts';
import { readOrRefuse } from '../../../../tests/files/read-or-refuse.ts';
import { DocumentError } from '../../../errors.ts';
import { parseEml } from './parse-eml.ts';

const parse = (mail: string | Buffer) =>
  parseEml({
    bytes: Buffer.from(typeof mail === 'string' ? mail.replaceAll('\n', '\r\n') : mail),
    filename: 'a.eml',
  });
const refused = (code: string) => (error: unknown) => error instanceof DocumentError && error.code === code;

const mail = `Received: from somewhere
From: =?utf-8?q?J=C3=BCrgen_M=C3=BCller?= <j@example.com>
To: a@example.com, "B, C" <b@example.com>
Cc: Team: x@example.com, y@example.com;
Subject: =?iso-8859-1?Q?Gr=FC=DFe?= and
 more
Date: Mon, 1 Jan 2024 10:00:00 +0100
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="outer"

--outer
Content-Type: multipart/alternative; boundary="inner"

--inner
Content-Type: text/plain; charset=iso-8859-1
Content-Transfer-Encoding: quoted-printable

Sch=F6ne Gr=FC=DFe,=20
soft =
break

> quoted
--inner
Content-Type: text/html; charset=utf-8

<p>not read</p>
--inner--
--outer
Content-Type: application/pdf; name="plan.pdf"
Content-Disposition: attachment; filename="plan.pdf"
Content-Transfer-Encoding: base64

JVBERi0=
--outer
Content-Type: text/plain
Content-Disposition: attachment; filename="notes.txt"

not read either
--outer--
`;

test('headers, the plain text and the names of attachments are read', async () => {
  const document = await parse(mail);
  assert.equal(document.title, 'Grüße and more');
  assert.deepEqual(describeBlocks(document), [
    'paragraph: Subject: Grüße and more\nFrom: Jürgen Müller <j@example.com>\nTo: a@example.com, B, C <b@example.com>\n' +
      'Cc: Team: x@example.com, y@example.com\nDate: Mon, 1 Jan 2024 10:00:00 +0100',
    'paragraph: Schöne Grüße, \nsoft break',
    'paragraph: > quoted',
  ]);
  assert.deepEqual(document.notes, [
    {
      code: 'content_skipped',
      message: 'Attachments are not read: plan.pdf, notes.txt. Upload them as files of their own.',
    },
  ]);
});

test('headers with letters that no encoding was given for are read', async () => {
  const old = Buffer.from('From: S\xf8ren <s@example.com>\r\nSubject: R\xf8m\xf8\r\n\r\nHej.', 'latin1');
  assert.equal((await parse(old)).text, 'Subject: Rømø\nFrom: Søren <s@example.com>\n\nHej.');
});

test('a text that no encoding is given for is read in the one that it shows, and a note says so', async () => {
  // "Добрый день! Встреча будет в понедельник." in windows-1251.
  const russian = Buffer.from(
    'c4eee1f0fbe920e4e5edfc2120c2f1f2f0e5f7e020e1f3e4e5f220e220efeeede5e4e5ebfcede8ea2e',
    'hex',
  );
  const text = 'Добрый день! Встреча будет в понедельник.';
  const note = {
    code: 'encoding_detected',
    message: 'Read as windows-1251: the e-mail names no encoding that fits.',
  };
  for (const header of ['', 'Content-Type: text/plain; charset=utf-8\r\n']) {
    const document = await parse(
      Buffer.concat([Buffer.from(`From: a@example.com\r\n${header}\r\n`), russian]),
    );
    assert.equal(document.text, `From: a@example.com\n\n${text}`);
    assert.deepEqual(document.notes, [note]);
  }
  // Whose Base64 ends without `=`, after which decoders stop.
  const greeting = Buffer.from('Schöne Grüße, €.');
  for (const charset of ['', '; charset=utf-8']) {
    const part = `--=_b==\r\nContent-Type: text/plain${charset}\r\nContent-Transfer-Encoding: base64\r\n\r\n`;
    const headers = 'From: a@example.com\r\nContent-Type: multipart/mixed; boundary="=_b=="\r\n\r\n';
    const { text, notes } = await parse(
      Buffer.from(`${headers}${part}${greeting.toString('base64')}\r\n--=_b==--\r\n`),
    );
    assert.deepEqual([text, notes], ['From: a@example.com\n\nSchöne Grüße, €.', []]);
  }
  const quotedPrintable = Array.from(russian, byte => `=${byte.toString(16).toUpperCase()}`).join('');
  for (const [encoding, body] of [
    ['quoted-printable', quotedPrintable.replace(/^.{60}/, '$&=\r\n')],
    ['BASE64', russian.toString('base64').replace(/.{40}/g, '$&\r\n')],
  ])
    for (const type of [
      '',
      'Content-Type: text/plain\r\n',
      'Content-Type: text/plain;\r\n charset="utf-8"; format=flowed\r\n',
    ]) {
      const headers = `From: a@example.com\r\n${type}Content-Transfer-Encoding: ${encoding}`;
      const document = await parse(Buffer.from(`${headers}\r\n\r\n${body}`));
      assert.equal(document.text, `From: a@example.com\n\n${text}`, `${encoding} ${type}`);
      assert.deepEqual(document.notes, [note]);
    }
  const multipart = await parse(
    Buffer.concat([
      Buffer.from('From: a@example.com\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n'),
      russian,
      Buffer.from(
        '\r\n--b\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nGr\xfc\xdfe\r\n--b\r\n\r\nGrüße\r\n',
        'latin1',
      ),
      Buffer.from('--b\r\n\r\nвсё\r\n--b--\r\n'),
    ]),
  );
  for (const part of [text, 'Grüße', 'всё']) assert.ok(multipart.text.includes(part), multipart.text);
  assert.doesNotMatch(multipart.text, /\uFFFD/);
});

test('a mail that is only HTML is read as a page', async () => {
  const html =
    'From: a@example.com\nSubject: Hello\nContent-Type: text/html; charset=utf-8\n\n<h1>News</h1><ul><li>one</ul><script>no</script>';
  assert.deepEqual(describeBlocks(await parse(html)), [
    'paragraph: Subject: Hello\nFrom: a@example.com',
    'heading 1: News',
    'list-item: - one',
  ]);
});

test('pictures that belong to the HTML are no attachments', async () => {
  const { notes, text } = await parse(`From: a@example.com
Content-Type: multipart/related; boundary=b

--b
Content-Type: text/html

<p>See <img src="cid:logo" alt="our logo"></p>
--b
Content-Type: image/png
Content-ID: <logo>
Content-Disposition: inline; filename="logo.png"

x
--b--
`);
  assert.equal(text, 'From: a@example.com\n\nSee our logo');
  assert.deepEqual(notes, []);
});

test('a mail without a text is its headers', async () => {
  assert.equal(
    (await parse('Subject: Only this\nFrom: a@example.com\n\n')).text,
    'Subject: Only this\nFrom: a@example.com',
  );
  assert.equal((await parse('Subject: Only this')).text, 'Subject: Only this');
});

test('a file that is no e-mail is refused', async () => {
  for (const text of ['Just some text.\nMore of it.\n', '', 'Note: this is a list\n\n- a', '\0\x01\x02'])
    await assert.rejects(parse(text), refused('document_broken'), text);
});

test('the largest attachments cost little', async () => {
  const line = `${'QUJD'.repeat(19)}\n`;
  const attachment = `Content-Type: application/zip\nContent-Transfer-Encoding: base64\n\n${line.repeat(500_000)}`;
  const whole = `From: a@example.com\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nSee the archive.\n--b\n${attachment}--b--\n`;
  const before = process.memoryUsage.rss();
  const { text, notes } = await parse(whole);
  assert.match(text, /See the archive\.$/);
  assert.match(notes[0]?.message ?? '', /application\/zip/);
  assert.ok(process.memoryUsage.rss() - before < 400_000_000, 'lines are not kept');
});

test('many parts, deep ones and long headers end soon', { timeout: 60_000 }, async () => {
  const start = 'From: a@example.com\nContent-Type: multipart/mixed; boundary=b\n\n';
  await parse(`${start}${'--b\n\npart\n'.repeat(20_000)}--b--\n`);
  await parse(`From: a@example.com\n\n${'a line of text\n'.repeat(90_000)}`);
  await assert.rejects(
    parse(`From: a@example.com\n\n${'a\n'.repeat(300_000)}`),
    refused('document_too_complex'),
  );
  await parse(`From: a@example.com\n\n${'a'.repeat(5_000_000)}`);
  const deep = Array.from(
    { length: 1_000 },
    (_, depth) => `Content-Type: multipart/mixed; boundary=b${depth}\n\n--b${depth}\n`,
  );
  await assert.rejects(parse(`From: a@example.com\n${deep.join('')}`), refused('document_too_complex'));
  await assert.rejects(
    parse(`From: a@example.com\n${'X-Long: value\n'.repeat(190_000)}\ntext`),
    refused('document_too_complex'),
  );
});

test('a mail that is cut off or altered is read or refused', async () => {
  await readOrRefuse(Buffer.from(mail.replaceAll('\n', '\r\n')), parseEml, { runs: 500 });
});
