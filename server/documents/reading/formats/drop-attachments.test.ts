import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropAttachments } from './drop-attachments.ts';

const drop = (mail: string) => Buffer.from(dropAttachments(Buffer.from(mail, 'latin1'))).toString('latin1');

const mail = (parts: string[], boundary = 'b1') =>
  [
    'Subject: Offer',
    `Content-Type: multipart/mixed;`,
    ` boundary="${boundary}"`,
    '',
    ...parts.flatMap(part => [`--${boundary}`, part]),
    `--${boundary}--`,
    '',
  ].join('\r\n');

const text = 'Content-Type: text/plain\r\n\r\nThe offer is attached.\r\n-- \r\nMara';
const pdf = (content: string) =>
  `Content-Type: application/pdf; name="offer.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n${content}`;

test('the contents of attachments go, their headers and all texts stay', () => {
  const note = 'Content-Disposition: attachment; filename="a.txt"\r\n\r\nattached text';
  const before = mail([text, pdf('JVBERi0xLjcK\r\nJSVFT0YK'), note, text]);
  const after = drop(before);
  assert.equal(
    after,
    mail([text, pdf(''), 'Content-Disposition: attachment; filename="a.txt"\r\n\r\n', text]).replaceAll(
      '\r\n\r\n\r\n--b1',
      '\r\n\r\n--b1',
    ),
  );
});

test('a mail in a mail, parts within parts and a mail of one part stay as they are', () => {
  const inner = mail([text], 'b2');
  for (const whole of [
    mail([inner]),
    mail([`Content-Type: message/rfc822\r\n\r\n${inner}`]),
    'Subject: A\n\nText.',
  ])
    assert.equal(drop(whole), whole);
});

test('the attachments of an inner part end at its own delimiter and at that of the outer one', () => {
  const inner = `Content-Type: multipart/related; boundary=b2\r\n\r\n--b2\r\n${pdf('AAAA')}`;
  assert.ok(!drop(mail([inner, text])).includes('AAAA'));
  assert.ok(drop(mail([inner, text])).includes('The offer is attached.'));
});
