import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KyselyPlugin } from 'kysely';
import type { DocumentEvent } from '../../contract/documents.ts';
import type { Db } from '../../server/database/open-database.ts';
import { lastChange } from '../../server/documents/document-changes.ts';
import { DocumentFollower } from '../../server/documents/follow-documents.ts';
import { followDocuments, removeDocument, search, upload } from '../api-client.ts';
import { createNativeDatabase } from '../database-templates/native-database.ts';
import { startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

/** Counts what is asked of the database. */
class CountingPlugin implements KyselyPlugin {
  count = 0;
  transformQuery: KyselyPlugin['transformQuery'] = ({ node }) => {
    this.count += 1;
    return node;
  };
  transformResult: KyselyPlugin['transformResult'] = async ({ result }) => result;
}

async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
}

onEachDatabase('followers of document events', (createApp, server) => {
  test('the database is asked only while somebody follows', async () => {
    const app = await createApp({ env: { SKIP_MODEL_LOADING: 'true' } });
    await app.inspect(async db => {
      const { id } = await db.selectFrom('workspaces').select('id').executeTakeFirstOrThrow();
      const now = await lastChange(db, id);
      const watch = (database: Db) => {
        const plugin = new CountingPlugin();
        const follower = new DocumentFollower(() => database.withPlugin(plugin));
        const leaving = new AbortController();
        const following = collect(follower.follow(id, now, leaving.signal));
        return { plugin, follower, leaving, following };
      };
      const left = watch(db);
      await waitUntil('it looks again and again', () => left.plugin.count > 2);
      left.leaving.abort();
      assert.deepEqual(await left.following, []);
      const asked = left.plugin.count;
      const staying = watch(db);
      await waitUntil('the other looks again and again', () => staying.plugin.count > 3);
      assert.equal(left.plugin.count, asked);
      staying.follower.close();
      assert.deepEqual(await staying.following, []);
    });
  });

  test('a stream in which nothing happens says now and then that it is alive', async context => {
    const app = await createApp({ env: { SKIP_MODEL_LOADING: 'true' } });
    context.mock.timers.enable({ apis: ['setInterval'] });
    const leaving = new AbortController();
    const response = await app.fetch('/api/document/events/', { signal: leaving.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    const read = reader?.read();
    context.mock.timers.tick(15_000);
    assert.equal((await read)?.value, ': keep-alive\n\n');
    context.mock.timers.reset();
    leaving.abort();
    await reader?.closed.catch(() => {}); // Left in the middle.
  });

  if (server.kind === 'native' && server.url !== undefined) {
    const serverUrl = server.url;
    test('what one process does is told, and found, by another on the same database', async context => {
      const embeddings = await startFakeEmbeddingServer();
      const database = await createNativeDatabase(serverUrl);
      context.after(async () => {
        embeddings.close();
        await database.drop();
      });
      const env = { ...embeddings.env, DATABASE_URL: database.url };
      const one = await createApp({ env });
      const other = await createApp({ env });
      const stream = await followDocuments(other);
      const wasTold = (what: string, matches: (event: DocumentEvent) => boolean) =>
        waitUntil(what, () => stream.events.find(({ event }) => matches(event)));
      const id = await upload(one, 'Written through the first process.', 'first.txt');
      await wasTold('the document', event => event.type === 'document' && event.document.state === 'ready');
      assert.equal((await search(other, 'first process')).results[0]?.document_id, id);
      await removeDocument(one, id);
      await wasTold('the deletion', event => event.type === 'deleted' && event.document_id === id);
      assert.deepEqual((await search(other, 'first process')).results, []);
      await stream.leave();
      await Promise.all([one.stop(), other.stop()]);
    });
  }
});
