import assert from 'node:assert/strict';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openDatabase } from '../../server/database/open-database.ts';
import { CapturedLog } from '../captured-log.ts';
import { countRows } from '../count-rows.ts';
import { prepareFirstStart } from '../database-templates/embedded-template.ts';

test('what a first start copies has all tables, and in them what migrations write and nothing else', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'lectern-template-'));
  const log = new CapturedLog();
  const onLost = (error: Error) => {
    throw error;
  };
  await prepareFirstStart();
  const database = await openDatabase({ dataDir, databaseUrl: undefined, logger: log.logger, onLost });
  try {
    const filled = Object.entries(await countRows(database.db)).filter(([, count]) => count > 0);
    assert.deepEqual(
      filled.map(([name]) => name),
      ['index_versions', 'schema_migrations', 'workspaces'],
    );
    assert.doesNotMatch(log.text, /database migrated/);
    assert.equal((await stat(join(dataDir, 'postgres'))).mode & 0o077, 0);
  } finally {
    await database.close();
    await rm(dataDir, { recursive: true });
  }
});
