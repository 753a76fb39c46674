import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { documentText } from '../../contract/documents.ts';
import { ingestionSteps } from '../../server/documents/ingestion/ingestion-steps.ts';
import { expectJson, readDocument, upload, waitUntilReady } from '../api-client.ts';
import { countRows } from '../count-rows.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';
import { type DocumentContents, readContents, rowsOfMany } from './document-contents.ts';
import { makeHandbook } from './handbook-page.ts';
import { createKillRig, findByContent, type KillRig, sendHandbook } from './kill-rig.ts';
import type { KillPoint } from './killable-lectern.ts';

/* Between them every named point; an upload has no past version to remove. `npm run bench -- --only kills` tries more. */
const ofUploads: KillPoint[] = [
  { step: 'job-leased', pass: 1 },
  { step: 'document-parsed', pass: 1 },
  { step: 'chunks-saved', pass: 1 },
  { step: 'passages-saved', pass: 1 },
  { step: 'batch-embedded', pass: 1 },
  { step: 'batch-saved', pass: 2 },
  { step: 'all-embedded', pass: 1 },
  { step: 'document-published', pass: 1 },
];
const ofReplacements: KillPoint[] = [
  { step: 'file-read', pass: 1 },
  { step: 'old-plan-removed', pass: 1 },
  { step: 'text-saved', pass: 1 },
  { step: 'plan-saved', pass: 1 },
  { step: 'batch-saved', pass: 1 },
  { step: 'batch-embedded', pass: 3 },
  { step: 'document-publishing', pass: 1 },
  { step: 'past-version-purged', pass: 1 },
];
/** Where it matters that another process's transaction may still be open. */
const onNative = /passages-saved|batch-saved|document-publishing/;

const describePoint = ({ step, pass }: KillPoint) => (pass === 1 ? step : `${step}, pass ${pass}`);

test('no named point is left out', () => {
  const tried = new Set([...ofUploads, ...ofReplacements].map(({ step }) => step));
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
    rowsOfOne = await app.inspect(countRows);
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
  const isTried = ({ step }: KillPoint) => server.kind === 'embedded' || onNative.test(step);

  for (const point of ofUploads.filter(isTried))
    test(`at ${describePoint(point)} of an upload has the document, once, after its restart`, async () => {
      const mark = `upload killed at ${describePoint(point)}`;
      await rig.lectern.killAt(point);
      await killedBy(sendHandbook(rig.lectern, mark));
      await rig.restart();
      const [id, ...more] = await findByContent(rig.lectern, makeHandbook(mark));
      assert.ok(id !== undefined && more.length === 0);
      await waitUntilReady(rig.lectern, id);
      documents += 1;
    });

  for (const point of ofReplacements.filter(isTried))
    test(`at ${describePoint(point)} of a replacement answers from one whole version, at last the new one`, async () => {
      const mark = `replacement killed at ${describePoint(point)}`;
      const old = `The old version before the ${mark}.`;
      const id = await upload(rig.lectern, old);
      const { version } = await readDocument(rig.lectern, id);
      await rig.lectern.killAt(point);
      await killedBy(sendHandbook(rig.lectern, mark, id));
      await rig.restart();
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
    test('three times on one job has a failed document, which is whole after another try', async () => {
      const mark = 'killed three times, then processed again';
      const point: KillPoint = { step: 'batch-saved', pass: 1 };
      await rig.lectern.killAt(point);
      await killedBy(sendHandbook(rig.lectern, mark));
      for (let attempt = 2; attempt <= 3; attempt += 1) {
        await rig.restart(point);
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
    assert.deepEqual(await rig.inspect(countRows), rowsOfMany(rowsOfOne, documents));
  });
});
