import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { DocumentError } from '../../errors.ts';
import { cleanFilename } from '../clean-filename.ts';
import { decodeText } from './decode-text.ts';
import { TextInspector } from './inspect-text.ts';

const refused = (code: string, byte?: number) => (error: unknown) =>
  error instanceof DocumentError && error.code === code && error.extra?.byte === byte;

/** A text's bytes in an encoding of one byte per character. */
function encode(text: string, label: string): Uint8Array {
  const decoder = new TextDecoder(label);
  const byteOf = new Map(
    Array.from({ length: 256 }, (_, byte) => [decoder.decode(Uint8Array.of(byte), { stream: true }), byte]),
  );
  return Uint8Array.from(
    text,
    character => byteOf.get(character) ?? assert.fail(`${label} has no ${character}`),
  );
}

/** A text's bytes in an encoding of two bytes per character, found by trying them all. */
function encodeDouble(text: string, label: string): Uint8Array {
  const bytesOf = new Map<string, number[]>();
  for (let lead = 0x81; lead < 0xff; lead++)
    for (let trail = 0x40; trail < 0xff; trail++) {
      const character = new TextDecoder(label).decode(Uint8Array.of(lead, trail));
      if (!bytesOf.has(character)) bytesOf.set(character, [lead, trail]);
    }
  return Uint8Array.from(
    [...text].flatMap(character =>
      character < '\x80' ? [character.charCodeAt(0)] : (bytesOf.get(character) ?? assert.fail(character)),
    ),
  );
}

test('byte order mark, line ends and stray NULs are normalised', () => {
  assert.deepEqual(decodeText(Buffer.from('\uFEFFone\r\ntwo\rthree\nfo\0ur')), {
    text: 'one\ntwo\nthree\nfour',
    notes: [{ code: 'characters_removed', message: '1 NUL character was removed.' }],
  });
  assert.deepEqual(decodeText(Buffer.from('plain')), { text: 'plain', notes: [] });
});

test('the first byte that is no UTF-8 is named, wherever it stands', () => {
  const cases: [bytes: number[], at: number][] = [
    [[0x61, 0xff, 0x62], 1],
    [[0xe2, 0x82, 0xac, 0xc3, 0x28], 3], // € and then a lead byte without its second
    [[0xef, 0xbf, 0xbd, 0x80], 3], // a real U+FFFD is no fault
    [[0x61, 0xe2, 0x82], 1], // cut off at the end
    [[...Buffer.from('é\uFFFD–'), 0xc3], 8],
    [[...Buffer.from('caf\xe9 au lait', 'latin1')], 3], // one letter is no evidence of an encoding
    [[...Buffer.from('Grüße aus Köln, schöne Straße. '), 0xe9], 36], // broken UTF-8 is not an older encoding
    [[0x61, 0xed, 0xa0, 0x80], 1], // a surrogate
    [[0x61, 0xc0, 0x80], 1], // an overlong form
    [[0x61, 0xf4, 0x90, 0x80, 0x80], 1], // beyond U+10FFFF
  ];
  for (const [bytes, at] of cases)
    assert.throws(() => decodeText(Uint8Array.from(bytes)), refused('document_not_utf8', at), bytes.join());
});

const singleByteTexts: [label: string, text: string][] = [
  ['windows-1252', 'Die Straße führt über die Brücke nach Köln.'],
  ['windows-1252', 'L’été à la plage, le garçon a mangé une crêpe – « délicieuse » – pour 3 €.'],
  ['windows-1252', '“Don’t,” she said — it’s the company’s last offer…'],
  ['windows-1252', '¿Dónde está el niño? El año pasado vivió en Málaga, según él.'],
  ['windows-1252', 'Blåbærsyltetøy på brødskive og rømmegrøt er godt på fjellet.'],
  ['iso-8859-15', 'Le prix était fixé à 30 € pour une œuvre déjà payée.'],
  ['windows-1250', 'Příliš žluťoučký kůň úpěl ďábelské ódy.'],
  ['iso-8859-2', 'Pchnąć w tę łódź jeża lub ośm skrzyń fig. Zażółć gęślą jaźń.'],
  ['windows-1254', 'Pijamalı hasta yağız şoföre çabucak güvendi; öğle üzeri İstanbul’a gitti.'],
  [
    'windows-1251',
    'Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.',
  ],
  ['koi8-r', 'Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.'],
  ['ibm866', 'Все счастливые семьи похожи друг на друга, каждая несчастливая семья несчастлива по-своему.'],
  ['windows-1253', 'Ξεσκεπάζω την ψυχοφθόρα βδελυγμία, και πάω στο σπίτι μου.'],
  ['windows-1255', 'דג סקרן שט בים מאוכזב ולפתע מצא לו חברה איך הקליטה'],
];
for (const [label, text] of singleByteTexts)
  test(`${label} is read when the text shows it: ${text.slice(0, 20)}…`, () => {
    const decoded = decodeText(encode(text, label));
    assert.equal(decoded.text, text);
    const [note] = decoded.notes;
    assert.equal(note?.code, 'encoding_detected');
    assert.match(note?.message ?? '', /^Read as [\w-]+: the file is not valid UTF-8\.$/);
  });

const doubleByteTexts: [label: string, text: string][] = [
  ['shift_jis', '吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。'],
  ['euc-jp', '吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。'],
  ['gb18030', '我们在这里学习中文，每天都有很多人来到这个城市工作和生活。'],
  ['big5', '我們在這裡學習中文，每天都有很多人來到這個城市工作和生活。'],
  ['euc-kr', '우리는 여기에서 한국어를 배우고 있습니다. 매일 많은 사람들이 옵니다.'],
];
for (const [label, text] of doubleByteTexts)
  test(`${label} is read when the text shows it`, () => {
    const decoded = decodeText(encodeDouble(text, label));
    assert.equal(decoded.text, text);
    assert.deepEqual(decoded.notes, [
      { code: 'encoding_detected', message: `Read as ${label}: the file is not valid UTF-8.` },
    ]);
  });

test('ISO-2022-JP is told by its escape sequences, wherever the file is cut, and not a terminal’s', () => {
  const bytes = Buffer.from('1b24423863475a244f472d24472422246b21231b28420a4e616d653a206f6b', 'hex');
  const expected = '吾輩は猫である。\nName: ok';
  assert.deepEqual(decodeText(bytes), {
    text: expected,
    notes: [
      {
        code: 'encoding_detected',
        message: 'Read as iso-2022-jp: the file has the escape sequences of this encoding.',
      },
    ],
  });
  assert.ok(decodeText(Buffer.concat([Buffer.from('Mail.\n'.repeat(2_000)), bytes])).text.endsWith(expected));
  for (const cut of [1, 2, 3]) {
    const inspector = new TextInspector();
    inspector.push(Buffer.alloc(5_000, 'text '));
    inspector.push(bytes.subarray(0, cut));
    inspector.push(bytes.subarray(cut));
    assert.equal(inspector.finish().label, 'iso-2022-jp');
  }
  assert.deepEqual(decodeText(Buffer.from('\x1b[31mred\x1b(B\x1b[m')).notes, []);
  assert.deepEqual(decodeText(Buffer.from('\x1b$B é')).notes, []);
});

test('UTF-32 is refused by name', () => {
  for (const order of ['LE', 'BE']) {
    const bytes = Buffer.alloc(4 * 6);
    for (const [index, character] of [...'\uFEFFHello'].entries())
      bytes[`writeUInt32${order as 'LE'}`](character.codePointAt(0) ?? 0, 4 * index);
    assert.throws(() => decodeText(bytes), /written in UTF-32/);
  }
});

test('UTF-16 is read with a byte order mark and without', () => {
  const text = 'Die Straße führt nach Köln.\n';
  const little = Buffer.from(text, 'utf16le');
  const big = Buffer.from(little).swap16();
  assert.deepEqual(decodeText(Buffer.from(`\uFEFF${text}`, 'utf16le')), { text, notes: [] });
  assert.deepEqual(decodeText(Buffer.from(`\uFEFF${text}`, 'utf16le').swap16()), { text, notes: [] });
  for (const [bytes, label] of [
    [little, 'utf-16le'],
    [big, 'utf-16be'],
  ] as const)
    assert.deepEqual(decodeText(bytes), {
      text,
      notes: [{ code: 'encoding_detected', message: `Read as ${label}: every other byte of it is zero.` }],
    });
  assert.equal(
    decodeText(Buffer.from('Мы живём в большом городе.', 'utf16le')).text,
    'Мы живём в большом городе.',
  );
  assert.throws(() => decodeText(Uint8Array.of(0xff, 0xfe, 0x00)), refused('document_empty'));
});

test('halves of UTF-16 pairs are replaced', () => {
  const { text } = decodeText(Buffer.from('\uFEFFone \uD800 two and some more words \uDC00', 'utf16le'));
  assert.equal(text, 'one \uFFFD two and some more words \uFFFD');
});

test('an encoding that the file declares is believed, when its bytes do not contradict', () => {
  const html =
    '<html><head><meta http-equiv="content-type" content="text/html; charset=iso-8859-1"></head>caf\xe9';
  const decoded = decodeText(Buffer.from(html, 'latin1'));
  assert.ok(decoded.text.endsWith('café'));
  assert.deepEqual(decoded.notes, [
    { code: 'encoding_detected', message: 'Read as windows-1252: the file says so itself.' },
  ]);
  const xml = Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>\xe9</a>', 'latin1');
  assert.ok(decodeText(xml).text.endsWith('<a>é</a>'));
  const lie = Buffer.from('<?xml version="1.0" encoding="euc-kr"?><a>\xe9\xff\xfe\xe9\x80</a>', 'latin1');
  assert.throws(() => decodeText(lie), refused('document_not_utf8', 42));
  const utf8 = Buffer.from('<meta charset="iso-8859-1">Köln');
  assert.ok(decodeText(utf8).text.endsWith('Köln'), 'valid UTF-8 is UTF-8, whatever it declares');
});

test('files of other kinds, binary data and files without anything to read are refused', () => {
  assert.throws(() => decodeText(Buffer.from('%PDF-1.7 …')), refused('unsupported_media_type'));
  assert.throws(() => decodeText(Buffer.from([...'abc'].join('\x01\x02'))), refused('document_not_text'));
  for (const nothing of ['', ' \n\t ', '\u200B\u200B', '\0', '\uFEFF'])
    assert.throws(() => decodeText(Buffer.from(nothing)), refused('document_empty'), JSON.stringify(nothing));
});

test('random bytes are refused', () => {
  for (const lowest of [0, 0x20, 0x80, 0xa1, 0xc0])
    for (let seed = 1; seed <= 400; seed++) {
      const bytes = randomBytes(seed, lowest);
      assert.throws(
        () => decodeText(bytes),
        error => error instanceof DocumentError && /^document_not_(utf8|text)$/.test(error.code),
        `seed ${seed}, ${bytes.length} bytes from ${lowest}`,
      );
    }
});

/** 16 to 1,015 bytes, evenly distributed. Generator: mulberry32. */
function randomBytes(seed: number, lowest: number): Uint8Array {
  let state = seed * 0x9e3779b9;
  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return Uint8Array.from({ length: 16 + Math.floor(next() * 1000) }, () =>
    Math.floor(lowest + next() * (256 - lowest)),
  );
}

test('what is read is well-formed, without NUL and carriage returns', () => {
  const piece = fc.constantFrom('a', ' ', '\0', '\r', '\n', 'é', '\u{1F600}', '’', '中');
  fc.assert(
    fc.property(fc.array(piece), fc.constantFrom('utf8', 'utf16le', 'latin1'), (pieces, encoding) => {
      const bytes = Buffer.from(`Some text: ${pieces.join('')}`, encoding as 'utf8');
      try {
        const { text } = decodeText(bytes);
        assert.ok(text.isWellFormed());
        assert.doesNotMatch(text, /[\0\r]/);
      } catch (error) {
        assert.ok(error instanceof DocumentError, String(error));
      }
    }),
  );
});

test('file names lose folders and deceiving characters, and keep their ending', () => {
  assert.equal(cleanFilename('../../etc/pass\0wd.txt'), 'passwd.txt');
  assert.equal(cleanFilename('C:\\docs\\a.txt'), 'a.txt');
  assert.equal(cleanFilename('a\u202Etxt.exe'), 'atxt.exe');
  assert.equal(cleanFilename('..'), 'unnamed');
  const long = cleanFilename(`${'x'.repeat(300)}.txt`);
  assert.equal(long.length, 255);
  assert.ok(long.endsWith('.txt'));
});
