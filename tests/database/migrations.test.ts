import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import { type Db, openDatabase } from '../../server/database/open-database.ts';
import { StartError } from '../../server/errors.ts';
import { CapturedLog } from '../captured-log.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';

/** The schema as each kind of database has it. */
const schemas: string[][] = [];

onEachDatabase('migrations', createApp => {
  let app: TestApp;
  before(async () => {
    app = await createApp({ env: { SKIP_MODEL_LOADING: 'true' } });
  });

  const change = (statement: string) => app.inspect(db => sql.raw(statement).execute(db));
  const refuses = (pattern: RegExp) =>
    assert.rejects(app.restart(), error => error instanceof StartError && pattern.test(error.message));

  test('every table, column, constraint and index is the same on both databases', async () => {
    schemas.push(await app.inspect(describeSchema));
    assert.ok((schemas[0]?.length ?? 0) > 100);
    assert.deepEqual(schemas.at(-1), schemas[0]);
  });

  test('a second start applies nothing', async () => {
    const migrated = () => app.log.lines.filter(line => line.includes('database migrated')).length;
    const before = migrated();
    await app.restart();
    assert.equal(migrated(), before);
  });

  test('a migration changed after it was applied refuses to start, naming it', async () => {
    await change("UPDATE schema_migrations SET sha256 = 'x' || sha256 WHERE version = 1");
    await refuses(/0001-.*\.sql was changed after it had been applied/);
  });
});

onEachDatabase('a database of a newer Lectern', createApp => {
  test('refuses to start, with both versions', async () => {
    const app = await createApp({ env: { SKIP_MODEL_LOADING: 'true' } });
    await app.inspect(db => sql`INSERT INTO schema_migrations VALUES (9999, 'future', 'x')`.execute(db));
    await assert.rejects(
      app.restart(),
      error =>
        error instanceof StartError && /is at version 9999, this Lectern knows up to \d+/.test(error.message),
    );
  });
});

async function describeSchema(db: Db): Promise<string[]> {
  const { rows } = await sql<{ line: string }>`
    SELECT line FROM (
    SELECT concat_ws(' ', table_name, column_name, data_type, udt_name, is_nullable, column_default) AS line
    FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL
    SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'
    ) AS described ORDER BY line COLLATE "C"`.execute(db);
  return rows.map(({ line }) => line);
}

/** The PostgreSQL of the system, when there is one and it lacks pgvector. Nothing is written to it. */
const systemUrl = 'postgres://postgres@127.0.0.1:5432/postgres';

async function lacksVector(): Promise<boolean> {
  const client = new pg.Client({ connectionString: systemUrl, connectionTimeoutMillis: 1_000 });
  try {
    await client.connect();
    const { rows } = await client.query("SELECT 1 FROM pg_available_extensions WHERE name = 'vector'");
    return rows.length === 0;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

test('a server without pgvector refuses to start and says how to install it', async context => {
  if (!(await lacksVector())) return context.skip('no PostgreSQL without pgvector at 127.0.0.1:5432');
  await assert.rejects(
    openDatabase({ databaseUrl: systemUrl, dataDir: '', logger: new CapturedLog().logger, onLost: () => {} }),
    error =>
      error instanceof StartError && /has no pgvector extension.*apt install postgresql/.test(error.message),
  );
});

test('a server that is away refuses to start without showing the password', async () => {
  const databaseUrl = 'postgres://somebody:hunter2@127.0.0.1:1/nothing';
  await assert.rejects(
    openDatabase({ databaseUrl, dataDir: '', logger: new CapturedLog().logger, onLost: () => {} }),
    error =>
      error instanceof StartError &&
      /can.t use the database.*Check DATABASE_URL/.test(error.message) &&
      !/hunter2/.test(String(error)),
  );
});
