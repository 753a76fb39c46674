import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { checkParsedDocument, describeBlocks } from '../../../../tests/files/describe-blocks.ts';
import { readOrRefuse } from '../../../../tests/files/read-or-refuse.ts';
import { DocumentError } from '../../../errors.ts';
import { parseJson } from './parse-json.ts';

const parse = (json: unknown, filename = 'a.json') =>
  parseJson({ bytes: Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)), filename });

const refused = (code: string, sentence: RegExp) => (error: unknown) =>
  error instanceof DocumentError && error.code === code && sentence.test(error.message);

test('objects become records of lines under headings that say where they stand', () => {
  const document = parse({
    name: 'Lectern',
    tags: ['a', 'b', 3, null],
    server: { port: 8080, limits: { upload: { bytes: 5 }, none: null } },
    users: [
      { name: 'Anna', address: { city: 'Köln', lines: ['x', 'y'] }, roles: [{ id: 1 }, { id: 2 }] },
      { name: 'Ben', note: 'two\nlines' },
    ],
    empty: {},
    isOpen: false,
  });
  assert.deepEqual(
    describeBlocks(document),
    [
      'paragraph: name: Lectern\ntags: a, b, 3\nisOpen: false',
      'heading 1: server',
      'paragraph: port: 8080',
      'heading 2: server.limits',
      'paragraph: none',
      'heading 1: users',
      'paragraph: name: Anna\naddress.city: Köln\naddress.lines: x, y\nroles.1.id: 1\nroles.2.id: 2',
      'paragraph: name: Ben\nnote: two\nlines',
      'heading 1: empty',
    ].flatMap(block =>
      block === 'paragraph: none' ? ['heading 3: server.limits.upload', 'paragraph: bytes: 5'] : [block],
    ),
  );
});

test('values stand as they are written, and repeated keys stay', () => {
  const numbers = ['9007199254740993', '1234567890123456789', '10.10', '1e400', '-0.50', '1E+2'];
  const lines = numbers.map((number, index) => `n${index}: ${number}`);
  const members = numbers.map((number, index) => `"n${index}": ${number}`).join();
  for (const name of ['a.json', 'a.jsonl']) assert.equal(parse(`{${members}}`, name).text, lines.join('\n'));
  assert.equal(parse(`[${numbers.join(' , ')}]`).text, numbers.join(', '));
  assert.equal(
    parse('{"b": {"a": 1, "a": {"c": [2.0]}, "a": "x\\\\", "k": "\\"q\\u00e9", "__proto__": true}, "b": 1}')
      .text,
    'b: 1\n\nb\n\na: 1\na: x\\\nk: "qé\n__proto__: true\n\nb.a\n\nc: 2.0',
  );
});

test('what is rewritten to keep it is no JSON where the file is none', () => {
  for (const json of [
    '{10.10: 1}',
    '[1.0 "a"]',
    '{"a": 1.0, "a"}',
    '{"a": 1, "a": 2',
    '[1.00.1]',
    '{"a":1}}',
    '"1.0',
  ])
    assert.throws(() => parse(json), refused('document_broken', /not valid JSON/), json);
});

test('an array of objects is a list of records, also when each stands on a line of its own', () => {
  const expected = ['paragraph: id: 1\nname: Anna', 'paragraph: id: 2'];
  assert.deepEqual(describeBlocks(parse([{ id: 1, name: 'Anna' }, { id: 2 }])), expected);
  const lines = '{"id":1,"name":"Anna"}\n\n{"id":2}\n';
  for (const name of ['a.jsonl', 'a.NDJSON', 'a.json'])
    assert.deepEqual(describeBlocks(parse(lines, name)), expected);
  assert.deepEqual(describeBlocks(parse('"only text"')), ['paragraph: only text']);
  assert.deepEqual(describeBlocks(parse([1, 'a', true])), ['paragraph: 1, a, true']);
  assert.deepEqual(describeBlocks(parse([['a', 1], ['b']])), ['paragraph: a, 1', 'paragraph: b']);
});

test('the place where a file stops being JSON is named', () => {
  const cases: [json: string, place: string][] = [
    ['{"a": x}', 'line 1, column 7'],
    ['{\n  "a": 1,\n}', 'line 3, column 1'],
    ['{"a": 1', 'line 1, column 8'],
    ['[1, 2\n 3]', 'line 2, column 2'],
    ['{"a" 1}', 'line 1, column 6'],
    ["{'a': 1}", 'line 1, column 2'],
    ['[1] 2', 'line 1, column 5'],
    ['{"a": "b\nc"}', 'line 1, column 7'],
    ['[01]', 'line 1, column 2'],
    ['// comment\n{}', 'line 1, column 1'],
    ['[1,]', 'line 1, column 4'],
    ['[}', 'line 1, column 2'],
    ['[1] ]', 'line 1, column 5'],
  ];
  for (const [json, place] of cases)
    assert.throws(
      () => parse(json),
      refused('document_broken', new RegExp(`not valid JSON: it goes wrong at ${place}\\.$`)),
      json,
    );
  assert.throws(
    () => parse('{"a":1}\n{"a":}\n', 'a.jsonl'),
    refused('document_broken', /at line 2, column 6\.$/),
  );
});

test('JSON without a value to read is refused', () => {
  for (const json of ['{}', '[]', 'null', '[null, ""]', '[{}]'])
    assert.throws(() => parse(json), refused('document_without_text', /holds no values/), json);
});

test('values nested 200,000 deep are refused, and places of long names are cut', () => {
  const deep = `${'['.repeat(200_000)}1${']'.repeat(200_000)}`;
  assert.throws(() => parse(deep), refused('document_too_complex', /more than 100 deep/));
  assert.throws(
    () => parse(`${'{"a":'.repeat(200_000)}1${'}'.repeat(200_000)}`),
    refused('document_too_complex', /deep/),
  );
  assert.throws(() => parse('['.repeat(200_000)), refused('document_broken', /line 1, column 200001/));
  const long = parse([{ ['k'.repeat(5_000)]: { ['l'.repeat(5_000)]: { ['m'.repeat(5_000)]: 1 } } }]);
  assert.ok(long.text.length < 250);
});

test('large files take time in proportion', { timeout: 60_000 }, () => {
  const records = Array.from({ length: 200_000 }, (_, id) => ({
    id,
    name: 'Anna',
    address: { city: 'Köln' },
  }));
  assert.equal(parse(records).blocks.length, 200_000);
  parse(Array.from({ length: 2_000_000 }, () => 1));
  assert.throws(() => parse(`${'{"a":1,'.repeat(300_000)}`), DocumentError);
  assert.throws(() => parse(`"${'a\\n'.repeat(10_000_000)}`), DocumentError);
});

test('any JSON is read, and what is altered is read or refused', async () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      try {
        checkParsedDocument(parse(JSON.stringify(value)));
      } catch (error) {
        assert.ok(error instanceof DocumentError, String(error));
        assert.equal(error.code, 'document_without_text');
      }
    }),
  );
  await readOrRefuse(
    Buffer.from('{"a": [1, {"b": "é\\u00e9\\ud800", "c": null}], "d": {"e": true}}'),
    parseJson,
  );
});
