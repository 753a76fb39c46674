import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { createApp } from '../../server/app.ts';
import { readConfig } from '../../server/config.ts';
import { createFirstAdmin } from '../accounts/account-client.ts';
import { ask, createSession, expectError, expectJson, postJson, search, upload } from '../api-client.ts';
import { CapturedLog } from '../captured-log.ts';
import { eventOf } from '../event-stream.ts';
import { type PrivatePostgres, startPrivatePostgres } from './private-postgres.ts';

const serverUrl = process.env.TEST_DATABASE_URL;

describe('a database user who may not make the role lectern_app', {
  skip: serverUrl || process.env.CI === 'true' ? false : 'TEST_DATABASE_URL is not set',
}, () => {
  let postgres: PrivatePostgres;
  let dataDir: string;
  let log: CapturedLog;
  const url = (user: string, database: string) => {
    const address = new URL(postgres.url);
    address.username = user;
    address.pathname = `/${database}`;
    return address.href;
  };
  /** As an administrator of the database server. */
  const run = async (database: string, ...statements: string[]) => {
    const client = new pg.Client({ connectionString: url('postgres', database) });
    await client.connect();
    try {
      for (const statement of statements) await client.query(statement);
    } finally {
      await client.end();
    }
  };
  const start = async () => {
    log = new CapturedLog();
    const env = {
      LECTERN_DATA_DIR: dataDir,
      PORT: '0',
      DATABASE_URL: url('plain', 'own'),
      EMBEDDING_WORKERS: '1',
    };
    const app = await createApp(readConfig(env, { envFile: '' }), {
      logger: log.logger,
      onDatabaseLost: error => assert.fail(error),
    });
    const baseUrl = await app.listen();
    return { app, client: { fetch: (path: string, init?: RequestInit) => fetch(`${baseUrl}${path}`, init) } };
  };

  before(async () => {
    postgres = await startPrivatePostgres();
    dataDir = await mkdtemp(join(tmpdir(), 'lectern-unprivileged-'));
    await run(
      'postgres',
      'CREATE ROLE plain LOGIN NOSUPERUSER NOCREATEROLE NOCREATEDB',
      'CREATE DATABASE own OWNER plain',
    );
    await run('own', 'CREATE EXTENSION vector');
  });
  after(async () => {
    await postgres?.remove();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('is warned, and with one workspace everything works', async () => {
    const { app, client } = await start();
    try {
      assert.equal(log.text.match(/workspaces are not kept apart by row-level security/g)?.length, 1);
      assert.match(log.text, /CREATE ROLE lectern_app NOLOGIN; GRANT lectern_app TO/);
      await upload(client, 'The lighthouse of Amrum is 41 metres tall.');
      assert.equal((await search(client, 'How tall is the lighthouse?')).results.length, 1);
      const session = await createSession(client);
      eventOf(await ask(client, session, 'How tall is the lighthouse of Amrum?'), 'done');
      const found = await client.fetch('/api/session/?q=lighthouse');
      assert.match(JSON.stringify(await expectJson(found, 200)), new RegExp(`"id":${session},`));
      // A second workspace would have nothing between it and the first.
      const admin = await createFirstAdmin(client);
      const second = await postJson(admin, '/api/workspace/', { name: 'Second' });
      const { message } = await expectError(second, 400, 'invalid_request');
      assert.match(message, /the role lectern_app is missing/);
    } finally {
      await app.close();
    }
  });

  test('is refused as soon as there are two workspaces', async () => {
    await run('own', `INSERT INTO workspaces (name) VALUES ('second')`);
    await assert.rejects(start(), {
      name: 'StartError',
      message: /can't keep the 2 workspaces of this database apart: the role lectern_app is missing/,
    });
  });

  test('is welcome once an administrator has made the role, and the workspaces are kept apart', async () => {
    await run('postgres', 'CREATE ROLE lectern_app NOLOGIN', 'GRANT lectern_app TO plain');
    const { app, client: visitor } = await start();
    try {
      assert.doesNotMatch(log.text, /not kept apart/);
      await expectError(await visitor.fetch('/api/session/'), 401, 'not_signed_in');
    } finally {
      await app.close();
    }
    const client = new pg.Client({ connectionString: url('plain', 'own') });
    await client.connect();
    try {
      const count = async (workspace: string) => {
        await client.query('BEGIN');
        await client.query(`SELECT set_config('role', 'lectern_app', true)`);
        await client.query(`SELECT set_config('lectern.workspace_id', $1, true)`, [workspace]);
        const { rows } = await client.query('SELECT count(*)::int AS count FROM documents');
        await client.query('ROLLBACK');
        return rows[0].count;
      };
      assert.deepEqual([await count('1'), await count('2'), await count('')], [1, 0, 0]);
    } finally {
      await client.end();
    }
  });
});
