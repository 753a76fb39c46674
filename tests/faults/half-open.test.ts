import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { createSession, expectError } from '../api-client.ts';
import { createTestStorage } from '../create-test-app.ts';
import { type LecternProcess, startLectern } from '../lectern-process.ts';
import { waitUntil } from '../wait-until.ts';
import { type Client, clientOf } from './answer-client.ts';
import { startCable } from './cable.ts';

const serverUrl = process.env.TEST_DATABASE_URL;
/** The setting, and what waiting for a free connection may take. */
const MOST_MS = 3_000 + 5_000 + 5_000;

describe('a native database that is silent without a word', {
  skip: serverUrl || process.env.CI ? false : 'TEST_DATABASE_URL is not set',
}, () => {
  let storage: Awaited<ReturnType<typeof createTestStorage>>;
  let cable: Awaited<ReturnType<typeof startCable>>;
  let lectern: LecternProcess;
  let client: Client;
  before(async () => {
    assert.ok(serverUrl);
    storage = await createTestStorage(serverUrl);
    assert.ok(storage.databaseUrl);
    cable = await startCable(new URL(storage.databaseUrl));
    const env = { DATABASE_URL: cable.url, DATABASE_TIMEOUT_SECONDS: '3' };
    lectern = startLectern({ ...storage.env, ...env });
    client = await clientOf(lectern);
  });
  after(async () => {
    await lectern?.kill('SIGKILL');
    cable?.close();
    await storage?.remove();
  });

  test('half-open connections and an exhausted pool give 503 in bounded time, and end with the silence', async () => {
    // Every connection of the pool is open.
    await Promise.all(Array.from({ length: 30 }, () => createSession(client)));
    cable.freeze();
    const startedMs = performance.now();
    const answered = await Promise.all(
      Array.from({ length: 40 }, async () => {
        const response = await client.fetch('/api/session/create/', { method: 'POST' });
        assert.ok(Number(response.headers.get('retry-after')) > 0);
        await expectError(response, 503, 'database_unavailable');
        return performance.now() - startedMs;
      }),
    );
    assert.ok(Math.max(...answered) < MOST_MS, `${Math.max(...answered)} ms`);
    assert.equal((await client.fetch('/livez')).status, 200);
    assert.equal((await client.fetch('/readyz')).status, 503);
    cable.mend();
    const mendedMs = performance.now();
    await waitUntil(
      'it answers again',
      async () => (await client.fetch('/api/session/create/', { method: 'POST' })).status === 201,
    );
    assert.ok(performance.now() - mendedMs < MOST_MS);
  });
});
