import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import pino from 'pino';
import { openDatabase } from '../../server/database/open-database.ts';
import { schemaFingerprint } from './schema-fingerprint.ts';

export type NativeDatabase = { url: string; drop(): Promise<void> };

/** A new database on the server of TEST_DATABASE_URL, migrated unless it is to be empty. */
export async function createNativeDatabase(
  serverUrl: string,
  { isEmpty = false } = {},
): Promise<NativeDatabase> {
  const template = isEmpty ? 'template1' : await provideTemplate(serverUrl);
  const name = `lectern_test_${randomBytes(6).toString('hex')}`;
  await runOnServer(serverUrl, client => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`));
  return {
    url: urlOf(serverUrl, name),
    // FORCE: a process that a test killed may still be connected.
    drop: () =>
      runOnServer(serverUrl, client => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)),
  };
}

/** Migrating takes longer than copying, so it is done once for a server and a schema. */
async function provideTemplate(serverUrl: string): Promise<string> {
  const template = `lectern_template_${await schemaFingerprint()}`;
  await runOnServer(serverUrl, async client => {
    // Test files run in processes side by side: the first makes it and the others wait.
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [template]);
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [template]);
    if (rowCount) return;
    await client.query(`DROP DATABASE IF EXISTS ${template}_new WITH (FORCE)`);
    await client.query(`CREATE DATABASE ${template}_new`);
    await migrateDatabase(urlOf(serverUrl, `${template}_new`));
    await client.query(`ALTER DATABASE ${template}_new RENAME TO ${template}`);
  });
  return template;
}

async function migrateDatabase(databaseUrl: string): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-test-template-'));
  const onLost = () => {};
  const database = await openDatabase({
    databaseUrl,
    dataDir: folder,
    logger: pino({ level: 'silent' }),
    onLost,
  });
  await database.close();
  await rm(folder, { recursive: true });
}

function urlOf(serverUrl: string, database: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return url.href;
}

async function runOnServer(serverUrl: string, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
