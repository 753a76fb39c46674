import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { sql } from 'kysely';
import { BackupFileError, checkBackup } from '../../server/backup/read-backup.ts';
import { writeBackup } from '../../server/backup/write-backup.ts';
import { type BareDatabase, openBareEmbedded } from '../../server/database/snapshots/open-session.ts';
import { copyEmbeddedCluster } from '../database-templates/embedded-template.ts';

const folder = await mkdtemp(join(tmpdir(), 'lectern-backup-'));
const whole = join(folder, 'whole.backup');
let database: BareDatabase;
before(async () => {
  await copyEmbeddedCluster(folder);
  database = await openBareEmbedded(folder, error => {
    throw error;
  });
  await sql`INSERT INTO documents (workspace_id, title, tags)
    SELECT 1, 'Title ' || number || E' "\\\\\n', '{a,"b c"}' FROM generate_series(1, 3000) AS number`.execute(
    database.db,
  );
  await database.db
    .transaction()
    .execute(trx =>
      writeBackup(trx, createWriteStream(whole), { kind: 'embedded', embeddingModel: null, samples: [] }),
    );
});
after(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

const lines = async () =>
  zstdDecompressSync(await readFile(whole))
    .toString()
    .split('\n');
const compress = (content: string[]) => zstdCompressSync(content.join('\n'));

test('a whole backup has all rows', async () => {
  const { header, manifest } = await checkBackup(whole);
  assert.equal(manifest.tables.find(({ name }) => name === 'documents')?.rows, 3000);
  assert.deepEqual(
    header.tables.map(({ name }) => name),
    manifest.tables.map(({ name }) => name),
  );
  assert.ok(
    manifest.sequences.some(({ name, last_value: last }) => name === 'document_ids' && last === 3000),
  );
});

const damaged: [what: string, make: () => Promise<Buffer>, message: RegExp][] = [
  ['an empty file', async () => Buffer.alloc(0), /is no backup of Lectern/],
  ['another file', async () => Buffer.from('PK\u0003\u0004 and so on'), /is no backup of Lectern/],
  ['another compressed file', async () => zstdCompressSync('{"name": "other"}\n'), /is no backup of Lectern/],
  [
    'a later format',
    async () =>
      compress((await lines()).map(line => line.replace('"lectern_backup":1', '"lectern_backup":2'))),
    /does not know/,
  ],
  ['one cut in the middle', async () => (await readFile(whole)).subarray(0, -2_000), /cut off or broken/],
  ['one cut shortly before its end', async () => (await readFile(whole)).subarray(0, -10), /cut off/],
  [
    'one cut between two lines',
    async () => compress([...(await lines()).slice(0, -2), '']),
    /cut off: its end/,
  ],
  [
    'one with a changed row',
    async () => compress((await lines()).map(line => line.replace('Title 7 ', 'Title 8 '))),
    /not those that its manifest counts/,
  ],
  [
    'one without a row',
    async () => compress((await lines()).filter(line => !line.includes('Title 7 '))),
    /not those/,
  ],
  [
    'one without a table',
    async () => compress((await lines()).filter(line => line !== '{"table":"file_parts"}')),
    /not those/,
  ],
  [
    'one with something behind its end',
    async () => compress([...(await lines()).slice(0, -1), '"(1)"', '']),
    /follows its end/,
  ],
  ['one with a line that is no JSON', async () => compress((await lines()).with(9, '{"a')), /can't be read/],
];
for (const [what, make, message] of damaged)
  test(`${what} is refused`, async () => {
    const path = join(folder, 'damaged.backup');
    await writeFile(path, await make());
    await assert.rejects(checkBackup(path), error => {
      assert.ok(error instanceof BackupFileError, String(error));
      assert.match(error.message, message);
      return true;
    });
  });

test('one byte changed anywhere is noticed, or changes nothing that is read', async () => {
  const unchanged = await checkBackup(whole);
  let noticed = 0;
  const bytes = await readFile(whole);
  const path = join(folder, 'flipped.backup');
  for (let at = 4; at < bytes.length; at += Math.ceil(bytes.length / 40)) {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ 0x10;
    await writeFile(path, changed);
    try {
      // Of the frame's own header some bits mean nothing.
      assert.deepEqual(await checkBackup(path), unchanged, `byte ${at} of ${bytes.length}`);
    } catch (error) {
      assert.ok(error instanceof BackupFileError, String(error));
      noticed += 1;
    }
  }
  assert.ok(noticed > 35, `${noticed}`);
});

test('a file that is not there is named', async () => {
  await assert.rejects(checkBackup(join(folder, 'nothing')), /nothing can't be read: ENOENT/);
});
