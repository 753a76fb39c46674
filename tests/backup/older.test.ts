import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { sql } from 'kysely';
import { checkBackup } from '../../server/backup/read-backup.ts';
import { restoreEmbedded } from '../../server/backup/restoring/restore-embedded.ts';
import { writeBackup } from '../../server/backup/write-backup.ts';
import { readMigrations } from '../../server/database/migrations/read-migrations.ts';
import { openBareEmbedded } from '../../server/database/snapshots/open-session.ts';
import { makeOlderDatabase } from '../database-templates/older-database.ts';

/** Before chats belonged to persons. */
const OLDER = 22;

test('a backup of older tables is restored, and they are brought up to date', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-older-'));
  const [from, to, path] = ['from', 'to', 'older.backup'].map(name => join(folder, name)) as string[];
  assert.ok(from && to && path);
  const onDatabaseLost = (error: Error) => {
    throw error;
  };
  try {
    await makeOlderDatabase(from, OLDER, async trx => {
      await sql`INSERT INTO sessions (workspace_id, title) VALUES (1, 'Tangen')`.execute(trx);
      const options = { kind: 'embedded' as const, embeddingModel: null, samples: [] };
      await writeBackup(trx, createWriteStream(path), options);
    });

    const content = await checkBackup(path);
    assert.equal(content.header.migrations.at(-1)?.version, OLDER);
    const restore = { path, content, samples: undefined, replace: false, onDatabaseLost };
    await restoreEmbedded(to, { ...restore, onProgress: () => {} });

    const restored = await openBareEmbedded(to, onDatabaseLost);
    const { rows } = await sql<{ title: string; migrations: number }>`
      SELECT title, (SELECT count(*)::int FROM schema_migrations) AS migrations FROM sessions`
      .execute(restored.db)
      .finally(restored.close);
    assert.deepEqual(rows, [{ title: 'Tangen', migrations: (await readMigrations()).length }]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
