import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeOverlappingZip, makeZip } from '../../../../tests/files/zip-file.ts';
import { DocumentError } from '../../../errors.ts';
import { ZipArchive } from './zip-archive.ts';

const refused = (code: string) => (error: unknown) => error instanceof DocumentError && error.code === code;
const mebibyte = 1024 * 1024;

async function readAll(bytes: Uint8Array): Promise<string[]> {
  const archive = await ZipArchive.open(bytes);
  const contents: string[] = [];
  for (const entry of archive.entries)
    contents.push(`${entry.name}=${Buffer.from(await archive.read(entry)).toString()}`);
  return contents;
}

test('entries are read by name, whatever its case, deflated or stored', async () => {
  const zip = makeZip([
    { name: 'Word/Document.xml', data: 'one' },
    { name: 'b.txt', data: 'two', stored: true },
  ]);
  const archive = await ZipArchive.open(zip);
  assert.equal(await archive.readText('word/document.xml'), 'one');
  assert.equal(await archive.readText('b.txt'), 'two');
  assert.equal(await archive.readText('c.txt'), undefined);
});

test('a part in UTF-16 is told by its byte order mark', async () => {
  const archive = await ZipArchive.open(makeZip({ a: Buffer.from('\uFEFFäö', 'utf16le') }));
  assert.equal(await archive.readText('a'), 'äö');
});

test('names that lead out of the archive are names and nothing else; UTF-8 is recognised without its flag', async () => {
  const zip = makeZip({ '../../etc/passwd': 'x', '/abs': 'y', 'C:\\w\\ü.txt': 'z' });
  for (let at = zip.indexOf('PK'); at >= 0; at = zip.indexOf('PK', at + 1))
    if (zip[at + 2] === 3) zip.writeUInt16LE(0, at + 6);
    else if (zip[at + 2] === 1) zip.writeUInt16LE(0, at + 8);
  assert.deepEqual(await readAll(zip), ['../../etc/passwd=x', '/abs=y', 'C:/w/ü.txt=z']);
});

test('an encrypted entry is told, and the others can be read', async () => {
  const archive = await ZipArchive.open(
    makeZip([
      { name: 'a', data: 'a', encrypted: true },
      { name: 'b', data: 'b' },
    ]),
  );
  const [locked] = archive.entries;
  assert.ok(locked?.isEncrypted);
  await assert.rejects(archive.read(locked), refused('document_encrypted'));
  assert.equal(await archive.readText('b'), 'b');
});

test('a method that is not read, a wrong checksum and an entry outside of the file are damage', async () => {
  await assert.rejects(readAll(makeZip([{ name: 'a', data: 'a', method: 93 }])), refused('document_broken'));
  const zip = makeZip([{ name: 'a', data: 'content', stored: true }]);
  zip[zip.indexOf('content')] = 0x43;
  await assert.rejects(readAll(zip), refused('document_broken'));
});

test('what comes out is counted, whatever the archive says about it', async () => {
  const limits = { entryBytes: 1000, totalBytes: 1500, entries: 3 };
  const open = (size: number, declaredSize: number) =>
    ZipArchive.open(makeZip([{ name: 'a', data: Buffer.alloc(size), declaredSize }]), limits);
  assert.equal((await (await open(1000, 5)).readText('a'))?.length, 1000);
  await assert.rejects((await open(1001, 5)).readText('a'), refused('document_too_complex'));

  const twice = await open(800, 800);
  await twice.readText('a');
  await assert.rejects(twice.readText('a'), refused('document_too_complex'));

  const stored = await ZipArchive.open(
    makeZip([{ name: 'a', data: Buffer.alloc(1001), stored: true }]),
    limits,
  );
  await assert.rejects(stored.readText('a'), refused('document_too_complex'));
  await assert.rejects(
    ZipArchive.open(makeZip({ a: '', b: '', c: '', d: '' }), limits),
    refused('document_too_complex'),
  );
});

test('a bomb and overlapping entries end within 200 MB of memory', () => {
  const bombs = [
    makeZip([{ name: 'bomb', data: Buffer.alloc(500 * mebibyte), declaredSize: 100 }]),
    makeOverlappingZip(
      Array.from({ length: 1000 }, (_, index) => `entry ${index}`),
      50 * mebibyte,
    ),
  ];
  const script = `
    const { ZipArchive } = await import(${JSON.stringify(import.meta.resolve('./zip-archive.ts'))});
    const { readFileSync } = await import('node:fs');
    const bytes = readFileSync(0);
    const before = process.memoryUsage().rss;
    const archive = await ZipArchive.open(bytes);
    let code = 'read';
    try {
      for (const entry of archive.entries) await archive.read(entry);
    } catch (error) { code = error.code; }
    console.log(code, Math.round((process.resourceUsage().maxRSS * 1024 - before) / 1048576));`;
  for (const input of bombs) {
    assert.ok(input.length < 600_000);
    const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      input,
    }).toString();
    const [code, grownMiB] = output.trim().split(' ');
    assert.equal(code, 'document_too_complex');
    assert.ok(Number(grownMiB) < 200, `${grownMiB} MiB`);
  }
});

test('a truncated or altered archive is read or refused, and nothing else', async () => {
  const zip = makeZip({ 'a.txt': 'some text to pack '.repeat(5), 'dir/b.txt': 'more' });
  const readOrRefuse = async (bytes: Uint8Array) => {
    await readAll(bytes).catch(error => assert.ok(error instanceof DocumentError, String(error)));
  };
  for (let length = 0; length < zip.length; length++)
    await assert.rejects(readAll(zip.subarray(0, length)), refused('document_broken'));
  await fc.assert(
    fc.asyncProperty(fc.nat(zip.length - 1), fc.integer({ min: 1, max: 255 }), async (at, change) => {
      const altered = Buffer.from(zip);
      altered[at] = (altered[at] ?? 0) ^ change;
      await readOrRefuse(altered);
    }),
    { numRuns: 400 },
  );
});
