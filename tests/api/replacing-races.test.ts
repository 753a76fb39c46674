import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type IngestionJob,
  LeaseLostError,
  leaseJob,
} from '../../server/documents/ingestion/ingestion-jobs.ts';
import { publishVersion } from '../../server/documents/ingestion/version-store.ts';
import { expectJson, putFile, uploadLater } from '../api-client.ts';
import { startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

onEachDatabase('replacements that race', createApp => {
  test('a version that is ready after its replacement is not published any more', async context => {
    const embeddings = await startFakeEmbeddingServer();
    context.after(() => embeddings.close());
    const app = await createApp({ env: embeddings.env });
    embeddings.hold(/letter/);
    const id = await uploadLater(app, 'The first letter.', 'first.txt');
    const later = { name: 'second.txt', headers: { prefer: 'respond-async' } };
    await expectJson(await putFile(app, id, 'The second letter.', later), 202);
    await waitUntil('both are being embedded', () => embeddings.held() === 2);
    app.log.expectErrors(/embedding endpoint failed/);
    const stopped = app.stop();
    embeddings.close();
    await stopped;
    await app.inspect(async db => {
      // As two workers that have come to the end of their work at the same moment.
      await db.updateTable('ingestion_jobs').set({ lease_owner: null, lease_until: null }).execute();
      const jobs: IngestionJob[] = [];
      for (let count = 0; count < 2; count += 1) {
        const job = await leaseJob(db, `worker ${count}`, { smallOnly: false });
        if (job) jobs.push(job);
      }
      const [first, second] = jobs;
      assert.ok(first && second && first.versionId < second.versionId, 'both were given back');
      const publish = (job: IngestionJob) => db.transaction().execute(trx => publishVersion(trx, job));
      assert.equal(await publish(second), true);
      await assert.rejects(publish(first), LeaseLostError);
      const versions = await db
        .selectFrom('document_versions')
        .select(['id', 'role'])
        .orderBy('id')
        .execute();
      assert.deepEqual(versions, [
        { id: first.versionId, role: 'past' },
        { id: second.versionId, role: 'current' },
      ]);
    });
  });
});
