import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { workspace } from '../../contract/accounts/accounts.ts';
import { settingHistoryTable } from '../../contract/administration/settings.ts';
import {
  auditTable,
  jobTable,
  keyTable,
  serverJobTable,
  serverKeyTable,
  userTable,
} from '../../contract/administration/tables.ts';
import { createFirstAdmin, createKey, invite, withKey } from '../accounts/account-client.ts';
import type { Browser } from '../accounts/browser.ts';
import {
  expectError,
  expectJson,
  listDocuments,
  postJson,
  putFile,
  upload,
  uploadLater,
} from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { bulk, changeSettings, readCsv, readTable } from './admin-client.ts';

onEachDatabase('tables filtered by what people know', createApp => {
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  let ada: Browser;
  let olga: Browser;
  let other: Browser;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({ env: embeddings.env });
    ada = await createFirstAdmin(app);
    olga = await invite(app, ada, 'olga.owner@example.com', 'owner');
    other = await invite(app, ada, 'olga.owner@example.com.au', 'owner');
  });
  after(() => embeddings.close());

  /** Ada, who is in no workspace but the first, in one of its own. */
  const inAnotherWorkspace = async (name: string, work: () => Promise<void>) => {
    const { id } = workspace.parse(await expectJson(await postJson(ada, '/api/workspace/', { name }), 201));
    const enter = async (workspace_id: number) =>
      expectJson(await postJson(ada, '/api/account/workspace/', { workspace_id }), 200);
    await enter(id);
    await work();
    const { items } = await readTable(ada, userTable, 'user/?q=olga+au');
    await enter(items[0]?.workspaces[0]?.id ?? 0);
  };

  test('what can be in no name finds nothing', async () => {
    for (const path of ['key/?maker=', 'server/key/?workspace=', 'audit/?user=', 'audit/?key=', 'user/?q='])
      for (const word of ['nobody%00@example.com', '%00', '%F3%A3%B8%94%00%C2%A0'])
        assert.deepEqual(
          ((await expectJson(await ada.fetch(`/api/admin/${path}${word}`), 200)) as { items: [] }).items,
          [],
          path,
        );
    for (const path of ['key/export/?q=', 'server/job/export/?workspace=', 'audit/export/?user='])
      assert.equal((await ada.fetch(`/api/admin/${path}%00`)).status, 200, path);
  });

  test('keys by who made them', async () => {
    const [adas, olgas] = [await createKey(ada, ['read']), await createKey(olga, ['read'])];
    const idsOf = async (query: string) =>
      (await readTable(ada, keyTable, `key/?${query}`)).items.map(({ id }) => id);
    assert.deepEqual(await idsOf('maker=olga'), [olgas.id]);
    assert.deepEqual(await idsOf('maker=ADA%40example.com'), [adas.id]);
    assert.deepEqual(await idsOf('maker=nobody'), []);
    assert.deepEqual(await idsOf('maker=%26'), []);
    const { items } = await readTable(ada, serverKeyTable, 'server/key/?maker=olga');
    assert.deepEqual(
      items.map(({ id }) => id),
      [olgas.id],
    );
    const rows = await readCsv(ada, 'key/export/?maker=olga');
    assert.deepEqual(
      rows.map(({ id }) => Number(id)),
      [olgas.id],
    );
  });

  test('the audit log by who did it and with which key', async () => {
    await createKey(other, ['read']);
    const whoDid = async (client: Browser, query: string) => {
      const { items } = await readTable(client, auditTable, `${query}&limit=200`);
      return [...new Set(items.map(({ user }) => user?.email))];
    };
    for (const path of ['audit/', 'server/audit/']) {
      assert.deepEqual((await whoDid(ada, `${path}?user=olga`)).sort(), [
        'olga.owner@example.com',
        'olga.owner@example.com.au',
      ]);
      // The whole address is nobody else's, though another begins with it.
      assert.deepEqual(await whoDid(ada, `${path}?user=olga.owner%40example.com`), [
        'olga.owner@example.com',
      ]);
      assert.deepEqual(await whoDid(ada, `${path}?user=nobody`), []);
    }
    const { id: keyId, prefix, secret } = await createKey(ada, ['read', 'admin']);
    const document = await upload(ada, 'One that a program removes.', 'program.txt');
    assert.equal((await bulk(withKey(app, secret), 'document/bulk/', 'delete', [document])).done, 1);
    for (const path of ['audit/', 'server/audit/']) {
      const { items } = await readTable(ada, auditTable, `${path}?key=${prefix}`);
      assert.deepEqual([...new Set(items.map(({ key_id }) => key_id))], [keyId], path);
    }
    assert.deepEqual((await readTable(ada, auditTable, 'audit/?key=nothing')).items, []);
  });

  test('jobs by what their documents are called, also those that are to replace one', async () => {
    await upload(ada, 'The first menu.', 'menu.txt');
    embeddings.hold(/./);
    const tide = await uploadLater(ada, 'When the water comes.', 'tide-tables_2026.txt');
    await uploadLater(ada, 'What there is to eat.', 'dinner.txt');
    const found = async (query: string) =>
      (await readTable(ada, jobTable, `job/?${query}`)).items.map(({ document_id: id, filename }) => [
        id,
        filename,
      ]);
    assert.equal((await found('')).length, 2);
    assert.deepEqual(await found('q=2026+tide'), [[tide, 'tide-tables_2026.txt']]);
    assert.deepEqual(await found('q=tables&state=failed'), []);
    assert.deepEqual(await found('q=breakfast'), []);
    const { documents } = await listDocuments(ada);
    const menu = documents.find(({ filename }) => filename === 'menu.txt')?.id ?? 0;
    const headers = { prefer: 'respond-async' };
    const replacing = await putFile(ada, menu, 'A second menu.', { name: 'supper.txt', headers });
    assert.equal(replacing.status, 202);
    assert.deepEqual(await found('q=supper'), [[menu, 'supper.txt']]);
    // What documents are called is their workspace's.
    await expectError(await ada.fetch('/api/admin/server/job/?q=tide'), 400, 'invalid_request');
    embeddings.release();
  });

  test('what is of all workspaces by the workspace', async () => {
    await inAnotherWorkspace('Harbour office', async () => {
      const key = await createKey(ada, ['read']);
      embeddings.hold(/./);
      const document = await uploadLater(ada, 'A text of the office.', 'office.txt');
      const keys = await readTable(ada, serverKeyTable, 'server/key/?workspace=harbour');
      assert.deepEqual(
        keys.items.map(({ id }) => id),
        [key.id],
      );
      const jobs = await readTable(ada, serverJobTable, 'server/job/?workspace=office+harb');
      assert.deepEqual(
        jobs.items.map(({ document_id: id }) => id),
        [document],
      );
      const audit = await readTable(ada, auditTable, 'server/audit/?workspace=harbour&limit=200');
      assert.ok(audit.items.length > 0);
      assert.equal(new Set(audit.items.map(({ workspace_id: id }) => id)).size, 1);
      const users = await readTable(ada, userTable, 'user/?workspace=harbour');
      assert.deepEqual(
        users.items.map(({ email }) => email),
        ['ada@example.com'],
      );
      for (const path of ['server/key/', 'server/job/', 'server/audit/', 'user/'])
        assert.deepEqual(
          ((await expectJson(await ada.fetch(`/api/admin/${path}?workspace=mill`), 200)) as { items: [] })
            .items,
          [],
          path,
        );
      embeddings.release();
    });
  });

  test('the history of settings by who changed them', async () => {
    await changeSettings(ada, { TOP_K: '7' });
    const { items } = await readTable(ada, settingHistoryTable, 'settings/history/?user=ada');
    assert.deepEqual(
      items.map(({ new_value }) => new_value),
      ['7'],
    );
    assert.deepEqual((await readTable(ada, settingHistoryTable, 'settings/history/?user=olga')).items, []);
  });
});
