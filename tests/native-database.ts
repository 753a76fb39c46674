import { randomBytes } from 'node:crypto';
import pg from 'pg';

export type NativeDatabase = { url: string; drop(): Promise<void> };

/** A new, empty database on the server of TEST_DATABASE_URL. */
export async function createNativeDatabase(serverUrl: string): Promise<NativeDatabase> {
  const name = `lectern_test_${randomBytes(6).toString('hex')}`;
  await runOnServer(serverUrl, `CREATE DATABASE ${name}`);
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    // FORCE: a process that a test killed may still be connected.
    drop: () => runOnServer(serverUrl, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function runOnServer(serverUrl: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: serverUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
