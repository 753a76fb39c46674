import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { workspace } from '../../contract/accounts/accounts.ts';
import {
  chatAccess,
  chatAccessOfMine,
  chatMessageTable,
  chatTable,
} from '../../contract/administration/chats.ts';
import { auditTable } from '../../contract/administration/tables.ts';
import { createFirstAdmin, createKey, invite, readAccount, withKey } from '../accounts/account-client.ts';
import type { Browser } from '../accounts/browser.ts';
import { ask, createSession, expectError, expectJson, postJson } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { readCsv, readTable } from './admin-client.ts';

onEachDatabase('the chats of a workspace, for an administrator who is no member of it', createApp => {
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  let ada: Browser;
  let owner: Browser;
  let adaId: number;
  let ownId: number;
  let otherId: number;
  let session: number;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({ env: embeddings.env });
    ada = await createFirstAdmin(app);
    const account = await readAccount(ada);
    [adaId, ownId] = [account.user?.id ?? 0, account.workspace?.id ?? 0];
    ({ id: otherId } = workspace.parse(
      await expectJson(await postJson(ada, '/api/workspace/', { name: 'Secret' }), 201),
    ));
    await expectJson(await postJson(ada, '/api/account/workspace/', { workspace_id: otherId }), 200);
    owner = await invite(app, ada, 'olga@example.com', 'owner');
    const leaving = await owner.fetch(`/api/workspace/member/${adaId}/`, { method: 'DELETE' });
    assert.equal(leaving.status, 200, await leaving.text());
    session = await createSession(owner);
    await ask(owner, session, 'Where is the treasure?');
  });
  after(() => embeddings.close());

  const chats = () => ada.fetch(`/api/admin/chat/?workspace_id=${otherId}`);
  const grant = (body: object) => postJson(owner, '/api/admin/chat-access/', body);

  test('are closed to them', async () => {
    await expectError(await chats(), 403, 'not_allowed');
    assert.ok(!(await readAccount(ada)).permissions.includes('inspect'));
  });

  test('are opened by an owner, for a reason and a time, to administrators only', async () => {
    await expectError(await grant({ email: 'olga@example.com', reason: 'Why not' }), 404, 'not_found');
    await expectError(await grant({ email: 'ada@example.com', reason: ' ' }), 400, 'invalid_request');
    const given = await grant({ email: 'ada@example.com', reason: 'A complaint', days: 2 });
    const access = chatAccess.parse(await expectJson(given, 201));
    assert.deepEqual([access.user_id, access.reason], [adaId, 'A complaint']);
    assert.ok((await readAccount(ada)).permissions.includes('inspect'));
    const mine = await ada.fetch('/api/admin/chat/workspace/');
    assert.deepEqual(
      chatAccessOfMine.parse(await expectJson(mine, 200)).workspaces.map(({ id, name }) => [id, name]),
      [[otherId, 'Secret']],
    );
  });

  test('can be read then, and every look stands in the audit log that owners read', async () => {
    const { items } = await readTable(ada, chatTable, `chat/?workspace_id=${otherId}`);
    assert.deepEqual(
      items.map(({ id, title }) => [id, title]),
      [[session, 'Where is the treasure?']],
    );
    const path = `chat/${session}/message/`;
    const messages = await readTable(ada, chatMessageTable, `${path}?workspace_id=${otherId}`);
    assert.equal(messages.items[0]?.content, 'Where is the treasure?');
    const rows = await readCsv(ada, `${path}export/?workspace_id=${otherId}`);
    assert.equal(rows[0]?.content, 'Where is the treasure?');
    const audit = await readTable(owner, auditTable, `audit/?user_id=${adaId}&order=asc`);
    assert.deepEqual(
      audit.items
        .filter(({ action }) => /^chat|^table/.test(action))
        .map(({ action, details }) => [action, details.session_id ?? details.table]),
      [
        ['chats-listed', undefined],
        ['chat-read', session],
        ['chat-read', session],
        ['table-exported', `chat/${session}/message/`],
      ],
    );
  });

  test('of other workspaces stay closed, and are no different from those that there are not', async () => {
    for (const id of [ownId, 987_654])
      await expectError(await ada.fetch(`/api/admin/chat/?workspace_id=${id}`), 404, 'not_found');
    await expectError(
      await ada.fetch(`/api/admin/chat/987654/message/?workspace_id=${otherId}`),
      404,
      'not_found',
    );
  });

  test('are not for API keys, whatever their maker may do', async () => {
    await expectJson(await postJson(owner, '/api/workspace/invite/', { role: 'reader' }), 201);
    const { secret } = await createKey(owner, ['read', 'ask', 'write', 'admin']);
    await expectError(
      await withKey(app, secret).fetch(`/api/admin/chat/?workspace_id=${otherId}`),
      403,
      'not_allowed',
    );
  });

  test('are closed again at once', async () => {
    const taken = await owner.fetch(`/api/admin/chat-access/${adaId}/`, { method: 'DELETE' });
    await expectJson(taken, 200);
    await expectError(await chats(), 403, 'not_allowed');
    const again = await owner.fetch(`/api/admin/chat-access/${adaId}/`, { method: 'DELETE' });
    await expectError(again, 404, 'not_found');
    const audit = await readTable(owner, auditTable, 'audit/?action=chat-access-revoked');
    assert.deepEqual(audit.items[0]?.details, { user_id: adaId });
  });

  test('are closed when the time is over, and when they are no administrator any more', async () => {
    await expectJson(await grant({ email: 'ada@example.com', reason: 'Again', days: 1 }), 201);
    assert.equal((await chats()).status, 200);
    await app.inspect(db => db.updateTable('chat_access').set({ expires_at: new Date() }).execute());
    await app.restart();
    await expectError(await chats(), 403, 'not_allowed');
    await expectJson(await grant({ email: 'ada@example.com', reason: 'Again', days: 1 }), 201);
    assert.equal((await chats()).status, 200);
    await app.inspect(db => db.updateTable('users').set({ is_admin: false }).execute());
    await app.restart();
    await expectError(await chats(), 403, 'not_allowed');
  });
});
