import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { apiKeyList } from '../../contract/accounts/accounts.ts';
import {
  createSession,
  expectError,
  expectJson,
  followDocuments,
  postFile,
  postQuestion,
} from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';
import { createFirstAdmin, createKey, invite, readAccount, withKey } from './account-client.ts';
import type { Browser } from './browser.ts';

onEachDatabase('API keys', createApp => {
  let app: TestApp;
  let ada: Browser;
  before(async () => {
    app = await createApp({ env: { SKIP_MODEL_LOADING: 'true' } });
    ada = await createFirstAdmin(app);
    app.log.expectErrors(/"code":"embedding_model_unavailable"/);
  });

  const revoke = (id: number) => ada.fetch(`/api/key/${id}/`, { method: 'DELETE' });
  const list = async () => apiKeyList.parse(await expectJson(await ada.fetch('/api/key/'), 200)).keys;

  test('the secret is shown once, the list has its beginning only, the database its hash only', async () => {
    const { secret, prefix, id } = await createKey(ada, ['read']);
    assert.match(secret, /^lectern_[\w-]{43}$/);
    assert.equal(prefix, secret.slice(0, 14));
    const listed = (await list()).find(key => key.id === id);
    assert.equal(listed?.prefix, prefix);
    assert.doesNotMatch(JSON.stringify(listed), new RegExp(secret.slice(14)));
    await app.inspect(async db => {
      const rows = JSON.stringify(await db.selectFrom('api_keys').selectAll().execute());
      assert.doesNotMatch(rows, new RegExp(secret.slice(14)));
      const log = JSON.stringify(await db.selectFrom('audit_log').selectAll().execute());
      assert.doesNotMatch(log, new RegExp(secret.slice(14)));
    });
    await app.restart();
    assert.ok(!app.log.lines.join('').includes(secret.slice(14)));
  });

  test('each scope allows what it names and nothing else', async () => {
    for (const scope of ['read', 'ask', 'write', 'admin'] as const) {
      const client = withKey(app, (await createKey(ada, [scope])).secret);
      const answers = {
        read: await client.fetch('/api/document/'),
        ask: await client.fetch('/api/session/create/', { method: 'POST' }),
        // Refused by the missing model, which is behind the door.
        write: await postFile(client, 'A text.'),
        admin: await client.fetch('/api/key/'),
      };
      for (const [of, response] of Object.entries(answers)) {
        if (of === scope) assert.notEqual(response.status, 403, `${scope} ${of}`);
        else assert.equal(response.status, 403, `${scope} ${of}`);
        await response.body?.cancel();
      }
      await expectError(await client.fetch('/api/account/'), 403, 'not_allowed');
    }
  });

  test('an expired, a revoked and an unknown key get the same 401, also where there is a good cookie', async () => {
    const expired = await createKey(ada, ['read'], { days: 1 });
    const revoked = await createKey(ada, ['read']);
    await expectJson(await withKey(app, revoked.secret).fetch('/api/document/'), 200);
    await expectJson(await revoke(revoked.id), 200);
    await expectError(await revoke(revoked.id), 404, 'not_found');
    await app.inspect(db =>
      db
        .updateTable('api_keys')
        .set({ expires_at: new Date(0) })
        .where('id', '=', expired.id)
        .execute(),
    );
    await app.restart();
    const messages = new Set<string>();
    for (const secret of [expired.secret, revoked.secret, `lectern_${'A'.repeat(43)}`, 'somebody-else’s'])
      for (const client of [app, ada]) {
        const response = await withKey(client, encodeURIComponent(secret)).fetch('/api/document/');
        messages.add((await expectError(response, 401, 'not_signed_in')).message);
      }
    assert.equal(messages.size, 1);
  });

  test('revoking a key ends its streams at once, and nobody else’s', async () => {
    const [one, other] = [await createKey(ada, ['read']), await createKey(ada, ['read'])];
    const ends = (key: { secret: string }) => {
      const state = { ended: false };
      return followDocuments(withKey(app, key.secret)).then(followed => {
        followed.ended.then(
          () => (state.ended = true),
          () => (state.ended = true),
        );
        return { state, leave: followed.leave };
      });
    };
    const [streamOfOne, streamOfOther] = [await ends(one), await ends(other)];
    await expectJson(await revoke(one.id), 200);
    // Sooner than open requests are looked at anyway.
    await waitUntil('the stream of the revoked key ends', () => streamOfOne.state.ended, 5_000);
    assert.equal(streamOfOther.state.ended, false);
    await streamOfOther.leave();
  });

  test('the last use is written down, to the minute', async () => {
    const { id, secret } = await createKey(ada, ['read']);
    const lastUse = async () => (await list()).find(key => key.id === id)?.last_used_at;
    assert.equal(await lastUse(), null);
    for (let times = 0; times < 3; times++)
      await expectJson(await withKey(app, secret).fetch('/api/document/'), 200);
    const first = await waitUntil('the use is written down', lastUse);
    await expectJson(await withKey(app, secret).fetch('/api/document/'), 200);
    assert.equal(await lastUse(), first);
  });

  test('a key may do what its maker may do today', async () => {
    const olga = await invite(app, ada, 'olga@example.com', 'owner');
    const key = withKey(app, (await createKey(olga, ['read', 'write', 'ask', 'admin'])).secret);
    await expectJson(await key.fetch('/api/key/'), 200);
    await expectError(await key.fetch('/api/user/'), 403, 'not_allowed');
    const id = (await readAccount(olga)).user?.id;
    const change = (method: string, path: string, body?: object) =>
      ada.fetch(path, {
        method,
        ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      });
    await expectJson(await change('PATCH', `/api/workspace/member/${id}/`, { role: 'reader' }), 200);
    await expectError(await key.fetch('/api/key/'), 403, 'not_allowed');
    await expectJson(await key.fetch('/api/document/'), 200);
    await expectJson(await change('PATCH', `/api/user/${id}/`, { disabled: true }), 200);
    await expectError(await key.fetch('/api/document/'), 401, 'not_signed_in');
    await expectJson(await change('PATCH', `/api/user/${id}/`, { disabled: false }), 200);
    await expectJson(await change('DELETE', `/api/workspace/member/${id}/`), 200);
    await expectError(await key.fetch('/api/document/'), 403, 'not_allowed');
  });

  test('the last owner and the last administrator stay', async () => {
    const id = (await readAccount(ada)).user?.id;
    const send = (method: string, path: string, body: object) =>
      ada.fetch(path, {
        method,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    for (const role of ['editor', 'reader'])
      await expectError(await send('PATCH', `/api/workspace/member/${id}/`, { role }), 409, 'last_owner');
    await expectError(await send('DELETE', `/api/workspace/member/${id}/`, {}), 409, 'last_owner');
    for (const change of [{ disabled: true }, { is_admin: false }])
      await expectError(await send('PATCH', `/api/user/${id}/`, change), 409, 'last_admin');
  });

  test('a key is of one workspace: nothing of another is there for it', async () => {
    const sessionId = await createSession(ada);
    const created = await ada.fetch('/api/workspace/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"name":"Another"}',
    });
    const { id } = (await expectJson(created, 201)) as { id: number };
    await ada.fetch('/api/account/workspace/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ workspace_id: id }),
    });
    const key = withKey(app, (await createKey(ada, ['read', 'ask'])).secret);
    assert.equal((await readAccount(ada)).workspace?.name, 'Another');
    for (const client of [key, ada]) {
      await expectError(await client.fetch(`/api/session/${sessionId}/`), 404, 'not_found');
      assert.deepEqual(
        ((await expectJson(await client.fetch('/api/session/'), 200)) as { sessions: [] }).sessions,
        [],
      );
    }
    const question = await postQuestion(key, sessionId, 'What is there?');
    await expectError(question, 503, 'embedding_model_unavailable');
  });
});
