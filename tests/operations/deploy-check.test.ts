import assert from 'node:assert/strict';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { goThrough } from '../../cli/deploy-check/checklist.ts';
import { type Facts, gatherFacts } from '../../cli/deploy-check/facts.ts';
import { nameBackup } from '../../server/backup/backup-folder.ts';
import { readConfig } from '../../server/config.ts';
import { createFolder, runLectern } from '../cli/run-lectern.ts';
import { createNativeDatabase } from '../database-templates/native-database.ts';

const now = new Date('2026-11-27T12:00:00Z');
const hours = (count: number) => new Date(now.getTime() - 3_600_000 * count);

/** A server as it should be. */
const goodSettings: Record<string, string> = {
  SECRET_KEY: 'q8Zr2LwT5vXnB1mKc7JhP4dYs9GfA3eU',
  ALLOWED_HOSTS: 'lectern.example.com',
  TRUSTED_PROXIES: '127.0.0.1',
  DATABASE_URL: 'postgres://lectern:5f8a0c2e9b7d41f6a3@db.example.com/lectern',
  BACKUP_FOLDER: '/mnt/backups',
};
const goodFacts: Facts = {
  database: { isSuperuser: false, isEncrypted: true, maxConnections: 100 },
  certificate: undefined,
  backups: { newestAt: hours(5), isOnDataDisk: false },
  dataFolderMode: 0o700,
  readiness: 200,
};
const check = (settings: Record<string, string>, facts: Partial<Facts> = {}) =>
  goThrough(readConfig({ ...goodSettings, ...settings }, { envFile: '' }), { ...goodFacts, ...facts }, now);

test('a server as it should be has nothing to do', () => {
  const open = check({}).filter(({ verdict }) => verdict !== 'ok');
  assert.deepEqual(open, []);
});

const tls = { TLS_CERT: '/c', TLS_KEY: '/k' };
const database = { isSuperuser: false, isEncrypted: true, maxConnections: 100 };
const wrong: [name: string, settings: Record<string, string>, facts: Partial<Facts>, text: RegExp][] = [
  ['DEBUG', { DEBUG: 'true' }, {}, /DEBUG=false/],
  ['SECRET_KEY', { SECRET_KEY: 'django-insecure-0123456789abcdefghij' }, {}, /well-known example/],
  ['SECRET_KEY', { SECRET_KEY: 'short' }, {}, /shorter than 32/],
  ['ALLOWED_HOSTS', { ALLOWED_HOSTS: '*' }, {}, /any name/],
  ['ALLOWED_HOSTS', { ALLOWED_HOSTS: '' }, {}, /Name the host/],
  ['HTTPS', { TRUSTED_PROXIES: '' }, {}, /proxy with HTTPS/],
  ['HTTPS', { HOST: '0.0.0.0' }, {}, /in plain text/],
  ['HTTPS', tls, { certificate: { endsAt: hours(-48) } }, /ends in 2 days/],
  ['HTTPS', tls, { certificate: { error: 'no such file' } }, /no such file/],
  ['database user', {}, { database: { ...database, isSuperuser: true } }, /superuser/],
  ['database user', { DATABASE_URL: 'postgres://lectern:lectern@db/x' }, {}, /short/],
  ['database user', {}, { database: { error: 'connect ECONNREFUSED' } }, /ECONNREFUSED/],
  ['database encryption', {}, { database: { ...database, isEncrypted: false } }, /sslmode=verify-full/],
  ['database connections', {}, { database: { ...database, maxConnections: 10 } }, /PgBouncer/],
  ['logging', { LOG_LEVEL: 'silent' }, {}, /hides errors/],
  ['data folder', {}, { dataFolderMode: 0o755 }, /chmod 700/],
  ['rate limits', { RATE_LIMIT_ANSWERS: '0' }, {}, /RATE_LIMIT_ANSWERS/],
  ['monitoring', {}, { readiness: 503 }, /503/],
  ['monitoring', {}, { readiness: 'no answer' }, /no answer/],
  ['backups', { BACKUP_FOLDER: '' }, {}, /BACKUP_FOLDER/],
  ['backups', {}, { backups: { newestAt: undefined, isOnDataDisk: false } }, /none yet/],
  ['backups', {}, { backups: { newestAt: hours(49), isOnDataDisk: false } }, /49 hours old/],
  ['backups', {}, { backups: { error: 'no permission' } }, /no permission/],
];
describe('what must be done is said', () => {
  for (const [name, settings, facts, text] of wrong)
    test(`${name}: ${text.source}`, () => {
      const open = check(settings, facts).filter(({ verdict }) => verdict === 'must');
      assert.ok(
        open.some(finding => finding.name === name && text.test(finding.text)),
        JSON.stringify(open),
      );
    });
});

test('what is only worth thinking about does not fail', () => {
  const advice = [
    check({ DATABASE_URL: '' }, { database: undefined }),
    check({}, { backups: { newestAt: hours(1), isOnDataDisk: true } }),
    check({}, { readiness: undefined }),
    check({ LOG_LEVEL: 'debug' }),
  ];
  for (const findings of advice)
    assert.deepEqual(
      findings.map(({ verdict }) => verdict).filter(verdict => verdict !== 'ok'),
      ['should'],
    );
});

describe('the command', () => {
  const folders: { remove(): Promise<void> }[] = [];
  after(async () => {
    for (const folder of folders) await folder.remove();
  });

  test('exits with 1 and says what to do where nothing was prepared, and shows no secret', async () => {
    const folder = await createFolder();
    folders.push(folder);
    const secret = 'short-secret-key-77';
    const { code, stdout, stderr } = await runLectern(folder.path, ['check', '--deploy'], {
      SECRET_KEY: secret,
    });
    assert.equal(code, 1, stderr);
    assert.match(stdout, /^MUST {3}SECRET_KEY /m);
    assert.match(stdout, /^MUST {3}backups /m);
    assert.match(stdout, /\d+ of 12 must be done\.\n$/);
    assert.ok(!stdout.includes(secret));
  });

  test('without --deploy checks the settings only', async () => {
    const folder = await createFolder();
    folders.push(folder);
    const fine = await runLectern(folder.path, ['check']);
    assert.deepEqual([fine.code, fine.stdout], [0, 'The settings are in order.\n']);
    const broken = await runLectern(folder.path, ['check'], { PORT: 'none' });
    assert.equal(broken.code, 1);
    assert.match(broken.stderr, /PORT/);
  });
});

const serverUrl = process.env.TEST_DATABASE_URL;
const skip = serverUrl || process.env.CI === 'true' ? false : 'TEST_DATABASE_URL names no native PostgreSQL';
test('facts come from the database, the files and the folders themselves', { skip }, async () => {
  assert.ok(serverUrl);
  const folder = await mkdtemp(join(tmpdir(), 'lectern-facts-'));
  const native = await createNativeDatabase(serverUrl, { isEmpty: true });
  try {
    const [dataDir, backupFolder] = [join(folder, 'data'), join(folder, 'backups')];
    await mkdir(dataDir);
    await chmod(dataDir, 0o750);
    await mkdir(backupFolder);
    const env = { LECTERN_DATA_DIR: dataDir, BACKUP_FOLDER: backupFolder, DATABASE_URL: native.url };
    const config = readConfig(env, { envFile: '' });
    const before = await gatherFacts(config);
    assert.deepEqual(before.backups, { newestAt: undefined, isOnDataDisk: true });
    await writeFile(join(backupFolder, nameBackup(now)), '');
    const facts = await gatherFacts(config);
    assert.deepEqual(facts.backups, { newestAt: now, isOnDataDisk: true });
    assert.equal(facts.dataFolderMode, 0o750);
    assert.equal(facts.readiness, undefined);
    assert.ok(facts.database && 'isSuperuser' in facts.database);
    assert.equal(facts.database.isEncrypted, false);
    assert.ok(facts.database.maxConnections > 0);
    const away = await gatherFacts({ ...config, databaseUrl: 'postgres://nobody@127.0.0.1:9/none' });
    assert.ok(away.database && 'error' in away.database);
  } finally {
    await native.drop();
    await rm(folder, { recursive: true });
  }
});
