import assert from 'node:assert/strict';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openPGlite } from '../../server/database/embedded/open-pglite.ts';
import { expectError, postFile, readDocument, upload, waitUntilReady } from '../api-client.ts';
import { countContent } from '../count-rows.ts';
import { multipartFile, openRequest } from '../raw-request.ts';
import { waitUntil } from '../wait-until.ts';
import { createKillRig, findByContent, type KillRig } from './kill-rig.ts';

const line = (number: number) => `Line ${number} of a long text that comes in parts.\n`;
const textOfLines = (count: number) => Array.from({ length: count }, (_, number) => line(number)).join('');

describe('an embedded server that is killed', () => {
  let rig: KillRig;
  before(async () => {
    rig = await createKillRig(undefined);
  });
  after(() => rig?.close());

  const tableBytes = async (): Promise<number> => {
    const folder = join(rig.dataDir, 'postgres/base');
    const files = await readdir(folder, { recursive: true });
    // PostgreSQL removes some at times.
    const sizes = files.map(file =>
      stat(join(folder, file)).then(
        ({ size }) => size,
        () => 0,
      ),
    );
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  };

  /** What the dead process has left, before another one tidies up. */
  const countLeft = async (table: string): Promise<number> => {
    const database = await openPGlite(join(rig.dataDir, 'postgres'));
    const { rows } = await database.query<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`);
    await database.close();
    return rows[0]?.count ?? 0;
  };

  test('while an upload comes in has nothing of it after its restart', async () => {
    const text = textOfLines(80_000);
    const { headers, body } = multipartFile('half.txt', text);
    const { origin } = new URL((await rig.lectern.fetch('/livez')).url);
    const outgoing = openRequest(`${origin}/api/document/`, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(body.length) },
    });
    outgoing.on('error', () => {}); // It is hung up on.
    const sizeBefore = await tableBytes();
    outgoing.write(body.subarray(0, body.length - 1_000));
    await waitUntil('some of it is stored', async () => (await tableBytes()) > sizeBefore + 500_000);
    await rig.lectern.end('SIGKILL');
    assert.ok((await countLeft('file_parts')) > 0, 'parts of it had been stored');
    await rig.restart();
    assert.deepEqual(await findByContent(rig.lectern, text), []);
    assert.deepEqual(await rig.inspect(countContent), {});
    await rig.restart();
  });

  // The kill comes before, within or after the transaction that makes the document: all of it is right.
  for (const share of [0.9, 0.99, 1])
    test(`when ${100 * share} % of an upload are sent has no document or the whole one`, async () => {
      const text = `${share}\n${textOfLines(300)}`;
      const { headers, body } = multipartFile('sent.txt', text);
      const { origin } = new URL((await rig.lectern.fetch('/livez')).url);
      const length = { 'content-length': String(body.length) };
      const outgoing = openRequest(`${origin}/api/document/`, {
        method: 'POST',
        headers: { ...headers, ...length },
      });
      outgoing.on('error', () => {}).on('response', response => response.resume());
      await new Promise(resolve => outgoing.write(body.subarray(0, share * body.length), resolve));
      await rig.restart();
      const [id, ...more] = await findByContent(rig.lectern, text);
      assert.deepEqual(more, []);
      if (id === undefined) return;
      const ready = await waitUntilReady(rig.lectern, id);
      assert.equal(ready.text_length, text.length);
      await rig.lectern.fetch(`/api/document/${id}/`, { method: 'DELETE' });
    });

  test('while it removes a large document answers 404 for it, and removes the rest after its restart', async () => {
    await upload(rig.lectern, 'A document that stays.');
    await rig.lectern.killAt({ step: 'batch-saved', pass: 2 });
    const text = textOfLines(60_000);
    await Promise.all([
      rig.lectern.killed(),
      postFile(rig.lectern, text, { headers: { prefer: 'respond-async' } }).catch(() => {}),
    ]);
    await rig.restart();
    const [id = 0] = await findByContent(rig.lectern, text);
    assert.ok((await readDocument(rig.lectern, id)).total_passages > 2_000, 'many batches to remove');
    const deleting = rig.lectern.fetch(`/api/document/${id}/`, { method: 'DELETE' }).catch(() => {});
    const isGone = async () => (await rig.lectern.fetch(`/api/document/${id}/`)).status === 404;
    await waitUntil('it is gone for everyone', isGone);
    await Promise.all([rig.lectern.end('SIGKILL'), deleting]);
    assert.ok((await countLeft('passages')) > 1_000, 'its passages were still there');
    await rig.restart();
    await expectError(await rig.lectern.fetch(`/api/document/${id}/`), 404, 'not_found');
    const rows = await rig.inspect(countContent);
    assert.deepEqual(
      [rows.documents, rows.document_versions, rows.stored_files, rows.passages],
      [1, 1, 1, 1],
    );
    assert.equal(rows.ingestion_jobs, undefined);
    assert.equal(rows.passage_embeddings, 1);
  });
});
