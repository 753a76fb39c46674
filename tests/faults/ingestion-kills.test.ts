import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { documentText } from '../../contract/documents.ts';
import { checkConsistency } from '../../server/documents/consistency/check-consistency.ts';
import { type IngestionStep, ingestionSteps } from '../../server/documents/ingestion/ingestion-steps.ts';
import { expectJson, readDocument, upload, waitUntilReady } from '../api-client.ts';
import { onEachDatabase, type TestServer } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';
import { countComparable, type DocumentContents, readContents, rowsOfMany } from './document-contents.ts';
import { makeHandbook } from './handbook-page.ts';
import { createKillRig, findByContent, type KillRig, sendHandbook } from './kill-rig.ts';
import type { KillPoint } from './killable-lectern.ts';

const first = (step: IngestionStep): KillPoint => ({ step, pass: 1 });
const second = (step: IngestionStep): KillPoint => ({ step, pass: 2 });

/** Where an ingestion is killed; two points are for the first attempt and the one after it. */
type Kills = [KillPoint, KillPoint?];
/* Between them every named point. `npm run bench -- --only kills` tries many more. */
const ofUploads: Record<TestServer['kind'], Kills[]> = {
  embedded: [
    [first('job-leased'), first('all-embedded')],
    [first('document-parsed'), second('batch-saved')],
    [first('chunks-saved'), first('batch-embedded')],
  ],
  native: [[first('passages-saved'), second('batch-saved')]],
};
const ofReplacements: Record<TestServer['kind'], Kills[]> = {
  embedded: [
    [first('file-read'), first('text-saved')],
    [first('old-plan-removed'), first('passages-saved')],
    [first('plan-saved'), second('batch-embedded')],
    [first('batch-saved'), first('document-publishing')],
    [first('past-version-purged')],
    // The last: no later replacement removes what this one leaves behind, the restart has to.
    [first('document-published')],
  ],
  native: [[first('batch-saved'), first('document-publishing')]],
};

const describeKills = (kills: Kills) =>
  kills.map(point => (point?.pass === 2 ? `the second ${point.step}` : point?.step)).join(', then at ');

test('no named point is left out', () => {
  const tried = new Set([ofUploads.embedded, ofReplacements.embedded].flat(2).map(point => point?.step));
  assert.deepEqual([...tried].toSorted(), ingestionSteps.toSorted());
});

onEachDatabase('a server that kills itself', (createApp, server) => {
  let rig: KillRig;
  let undisturbed: DocumentContents;
  let rowsOfOne: Record<string, number>;
  let documents = 0;
  before(async () => {
    const app = await createApp();
    assert.equal((await sendHandbook(app, 'undisturbed')).status, 202);
    await waitUntilReady(app, 1);
    const [only] = await app.inspect(readContents);
    assert.ok(only);
    undisturbed = only;
    rowsOfOne = await app.inspect(countComparable);
    assert.ok(only.passages.length > 96, 'four batches');
    rig = await createKillRig(server.url);
  });
  after(() => rig?.close());

  /** The answer may or may not have come before the end. */
  const killedBy = async (request: Promise<Response>) => {
    await Promise.all([rig.lectern.killed(), request.catch(() => {})]);
  };
  const noteSource = async (id: number, source: string) => {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ source });
    const response = await rig.lectern.fetch(`/api/document/${id}/`, { method: 'PATCH', headers, body });
    assert.equal(response.status, 200, await response.text());
  };
  /** Sends the handbook and lets the server kill itself, then starts it as it is. */
  const disturb = async ([point, next]: Kills, mark: string, replaced?: number) => {
    await rig.lectern.killAt(point);
    await killedBy(sendHandbook(rig.lectern, mark, replaced));
    if (next) {
      await rig.restart(next);
      await rig.lectern.killed();
    }
    await rig.restart();
  };

  for (const kills of ofUploads[server.kind])
    test(`at ${describeKills(kills)} of an upload has the document, once, after its restart`, async () => {
      const mark = `upload killed at ${describeKills(kills)}`;
      await disturb(kills, mark);
      const [id, ...more] = await findByContent(rig.lectern, makeHandbook(mark));
      assert.ok(id !== undefined && more.length === 0);
      await waitUntilReady(rig.lectern, id);
      documents += 1;
    });

  for (const kills of ofReplacements[server.kind])
    test(`at ${describeKills(kills)} of a replacement answers from one whole version, at last the new one`, async () => {
      const mark = `replacement killed at ${describeKills(kills)}`;
      const old = `The old version before the ${mark}.`;
      const id = await upload(rig.lectern, old);
      const { version } = await readDocument(rig.lectern, id);
      await disturb(kills, mark, id);
      await waitUntil('the new version answers', async () => {
        const answer = await rig.lectern.fetch(`/api/document/${id}/text/`);
        const found = documentText.parse(await expectJson(answer, 200));
        assert.equal(found.text, found.version === version ? old : undisturbed.text);
        return found.version !== version;
      });
      const { state, replacement } = await readDocument(rig.lectern, id);
      assert.deepEqual([state, replacement], ['ready', null]);
      documents += 1;
      await noteSource(id, mark);
    });

  if (server.kind === 'embedded')
    test('three times on one job without getting further has a failed document, which is whole after another try', async () => {
      const mark = 'killed three times, then processed again';
      await rig.lectern.killAt(first('batch-saved'));
      await killedBy(sendHandbook(rig.lectern, mark));
      // What was saved gives the job all its attempts again.
      for (let attempt = 1; attempt <= 3; attempt += 1) {
        await rig.restart(first('batch-embedded'));
        await rig.lectern.killed();
      }
      await rig.restart();
      const [id = 0] = await findByContent(rig.lectern, makeHandbook(mark));
      const failed = await waitUntil('it is given up', async () => {
        const { state, error } = await readDocument(rig.lectern, id);
        return state === 'failed' ? error : undefined;
      });
      assert.equal(failed.code, 'document_failed');
      assert.ok(failed.retryable);
      const again = await rig.lectern.fetch(`/api/document/${id}/reprocess/`, { method: 'POST' });
      assert.equal(again.status, 202, await again.text());
      await waitUntilReady(rig.lectern, id);
      documents += 1;
    });

  test('leaves every document equal to one that was never disturbed, and no other row', async () => {
    const contents = await rig.inspect(readContents);
    assert.equal(contents.length, documents);
    for (const content of contents)
      assert.deepEqual(content, { ...undisturbed, source: content.source }, `${content.source}`);
    assert.deepEqual(await rig.inspect(countComparable), rowsOfMany(rowsOfOne, documents));
    const { healthy, checks } = await rig.inspect(async db => {
      const { name } = await db.selectFrom('embedding_models').select('name').executeTakeFirstOrThrow();
      return checkConsistency(db, { modelName: name, repair: false });
    });
    assert.ok(healthy, JSON.stringify(checks.filter(({ found }) => found > 0)));
  });
});
