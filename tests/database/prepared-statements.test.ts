import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sql } from 'kysely';
import pg from 'pg';
import { openPGlite } from '../../server/database/embedded/open-pglite.ts';
import { servePGlite } from '../../server/database/embedded/serve-pglite.ts';
import { copyEmbeddedCluster } from '../database-templates/embedded-template.ts';
import { onEachDatabase } from '../on-each-database.ts';

onEachDatabase('prepared statements', createApp => {
  test('those with a mark are prepared once for each text, and others are not', async () => {
    const app = await createApp({ env: { SKIP_MODEL_LOADING: 'true' } });
    const names = await app.inspect(db =>
      db.connection().execute(async one => {
        for (const number of [1, 2, 3]) {
          const { rows } = await sql<{ n: number }>`
            /* prepared: test-one */ SELECT ${number}::int AS n`.execute(one);
          assert.deepEqual(rows, [{ n: number }]);
        }
        await sql`/* prepared: test-one */ SELECT ${1}::int + 1 AS n`.execute(one);
        await sql`SELECT ${1}::int AS n /* prepared: test-two */`.execute(one);
        const { rows } = await sql<{ name: string }>`
          SELECT name FROM pg_prepared_statements WHERE name LIKE 'test-%'`.execute(one);
        return rows.map(({ name }) => name.slice(0, 9));
      }),
    );
    assert.deepEqual(names, ['test-one-', 'test-one-']);
  });
});

test('the bridge forgets what a client had prepared or left open when it leaves', async context => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-test-'));
  await copyEmbeddedCluster(folder);
  const database = await openPGlite(join(folder, 'postgres'));
  const server = await servePGlite(database, join(folder, '.s.PGSQL.5432'));
  context.after(async () => {
    await server.close();
    await database.close();
    await rm(folder, { recursive: true, force: true });
  });
  for (const visit of [1, 2, 3]) {
    const client = new pg.Client({ host: folder, user: 'postgres', database: 'postgres' });
    await client.connect();
    context.after(() => client.end());
    const { rows } = await client.query({ name: 'same', text: 'SELECT $1::int AS visit', values: [visit] });
    assert.deepEqual(rows, [{ visit }]);
    await client.query('BEGIN');
    await client.query('CREATE TABLE left_open (id int)');
    await client.end();
  }
});
