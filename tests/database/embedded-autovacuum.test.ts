import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { vacuumChangedTables } from '../../server/database/embedded/embedded-autovacuum.ts';
import { createTestApp } from '../create-test-app.ts';

test('the embedded database vacuums tables that have changed, and those only', async context => {
  const app = await createTestApp(undefined, { env: { SKIP_MODEL_LOADING: 'true' } });
  context.after(() => app.close());
  await app.inspect(async db => {
    assert.ok((await vacuumChangedTables(db)).includes('sessions'), 'never analysed so far');
    assert.deepEqual(await vacuumChangedTables(db), [], 'nothing has changed since');
    await sql`INSERT INTO sessions (workspace_id) SELECT 1 FROM generate_series(1, 200)`.execute(db);
    assert.deepEqual(await vacuumChangedTables(db), ['sessions']);
    const count = async () =>
      (
        await sql<{
          rows: number;
        }>`SELECT reltuples::int AS rows FROM pg_class WHERE relname = 'sessions'`.execute(db)
      ).rows[0]?.rows;
    assert.equal(await count(), 200);
    await sql`DELETE FROM sessions`.execute(db);
    assert.deepEqual(await vacuumChangedTables(db), ['sessions']);
    assert.equal(await count(), 0);
  });
});
