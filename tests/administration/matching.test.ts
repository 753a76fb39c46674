import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sql } from 'kysely';
import { workspace } from '../../contract/accounts/accounts.ts';
import {
  type MatchingResult,
  type MatchingRows,
  matchingResult,
  matchingRows,
} from '../../contract/administration/lists.ts';
import { documentTable, jobTable, keyTable, userTable } from '../../contract/administration/tables.ts';
import { createFirstAdmin, createKey, invite, readAccount, withKey } from '../accounts/account-client.ts';
import type { Browser } from '../accounts/browser.ts';
import { type Client, expectError, expectJson, postJson, upload, uploadLater } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';
import { readTable, readWhole } from './admin-client.ts';

/** More than two requests take. */
const CROWD = 450;

async function count(client: Client, table: string, query = ''): Promise<MatchingRows> {
  return matchingRows.parse(
    await expectJson(await client.fetch(`/api/admin/${table}matching/?${query}`), 200),
  );
}

type Rest = { action: string; last_id: number | null; after?: number | undefined };

async function doNext(client: Client, table: string, query: string, body: Rest): Promise<MatchingResult> {
  const answer = await postJson(client, `/api/admin/${table}matching/?${query}`, body);
  return matchingResult.parse(await expectJson(answer, 200));
}

/** Does it with all that match as the page does. @returns how many each request did. */
async function doAll(client: Client, table: string, query: string, action: string): Promise<number[]> {
  const { last_id } = await count(client, table, `${query}&action=${action}`);
  const done: number[] = [];
  for (let after: number | undefined; ; ) {
    const part = await doNext(client, table, query, { action, last_id, after });
    assert.equal(part.failed, 0);
    done.push(part.done);
    if (part.after === null) return done;
    after = part.after;
  }
}

onEachDatabase('what is done with all rows that match', createApp => {
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  let ada: Browser;
  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({ env: embeddings.env });
    ada = await createFirstAdmin(app);
  });

  const addUsers = async (name: string, many: number) => {
    await app.inspect(db =>
      sql`INSERT INTO users (email, name) SELECT ${name} || n || '@example.com', 'Guest ' || n
        FROM generate_series(1, ${many}::int) AS n`.execute(db),
    );
    await app.restart();
  };

  test('users: all of them in bounded parts, but for whom the filter leaves out and who comes later', async () => {
    await addUsers('guest', CROWD);
    await addUsers('other', 1);
    const all = await count(ada, 'user/', 'q=guest');
    assert.equal(all.count, CROWD + 1, 'the name of the other one says guest too');
    const filter = 'q=guest&state=active';
    const { count: affected, last_id } = await count(ada, 'user/', `${filter}&action=disable`);
    assert.equal(affected, CROWD + 1);
    assert.equal((await count(ada, 'user/', `${filter}&action=enable`)).count, 0);
    await addUsers('late', 3);

    const first = await doNext(ada, 'user/', filter, { action: 'disable', last_id });
    assert.deepEqual([first.done, first.results.length], [200, 200]);
    assert.ok(first.after && first.after < (last_id ?? 0));
    const second = await doNext(ada, 'user/', filter, { action: 'disable', last_id, after: first.after });
    const third = await doNext(ada, 'user/', filter, {
      action: 'disable',
      last_id,
      after: second.after ?? undefined,
    });
    assert.deepEqual([second.done, third.done, third.after], [200, CROWD + 1 - 400, null]);
    const rows = await readWhole(ada, userTable, 'user/?state=active&limit=200');
    assert.deepEqual(rows.map(({ email }) => email).sort(), [
      'ada@example.com',
      'late1@example.com',
      'late2@example.com',
      'late3@example.com',
    ]);
    assert.deepEqual(await doAll(ada, 'user/', '', 'enable'), [200, 200, CROWD + 1 - 400]);
  });

  test('when others were faster and nothing is left, nothing is done', async () => {
    for (const [table, action] of Object.entries({
      'document/': 'delete',
      'job/': 'cancel',
      'key/': 'revoke',
      'server/job/': 'cancel',
      'server/key/': 'revoke',
      'user/': 'disable',
    })) {
      const name = /document|^job/.test(table) ? 'q=nothing' : 'workspace=nothing';
      const filter = table === 'key/' ? 'maker=nobody' : name;
      const { done, failed, after } = await doNext(ada, table, filter, { action, last_id: 1_000_000 });
      assert.deepEqual([done, failed, after], [0, 0, null], table);
    }
  });

  test('users: who disables all others stays', async () => {
    const me = (await readAccount(ada)).user?.id ?? 0;
    const everybody = await count(ada, 'user/');
    assert.equal((await count(ada, 'user/', 'action=disable')).count, everybody.count - 1);
    await doAll(ada, 'user/', '', 'disable');
    const { items } = await readTable(ada, userTable, 'user/?state=active');
    assert.deepEqual(
      items.map(({ id }) => id),
      [me],
    );
    await doAll(ada, 'user/', '', 'enable');
  });

  test('documents: those of the workspace that match, and none that came since', async () => {
    const old = [
      await upload(ada, 'An old report.', 'report 1.txt'),
      await upload(ada, 'Another.', 'report 2.txt'),
    ];
    const kept = await upload(ada, 'A recipe.', 'recipe.txt');
    const { id } = workspace.parse(
      await expectJson(await postJson(ada, '/api/workspace/', { name: 'Another' }), 201),
    );
    const { workspaces } = await readAccount(ada);
    const turnTo = async (workspaceId: number | undefined) =>
      expectJson(await postJson(ada, '/api/account/workspace/', { workspace_id: workspaceId }), 200);
    await turnTo(id);
    const foreign = await upload(ada, 'A foreign report.', 'report 3.txt');
    await turnTo(workspaces.find(one => one.id !== id)?.id);

    const { count: affected, last_id } = await count(ada, 'document/', 'q=report&action=delete');
    assert.deepEqual([affected, last_id], [2, old[1]]);
    assert.equal((await count(ada, 'document/', 'q=report&action=retry')).count, 0, 'none has failed');
    assert.equal((await count(ada, 'document/', 'q=report&action=reprocess')).count, 2);
    const late = await upload(ada, 'A late report.', 'report 4.txt');
    const result = await doNext(ada, 'document/', 'q=report', { action: 'delete', last_id });
    assert.deepEqual([result.results.map(one => one.id), result.done, result.after], [old, 2, null]);
    const { items } = await readTable(ada, documentTable, 'document/?order=asc');
    assert.deepEqual(
      items.map(one => one.id),
      [kept, late],
    );
    await turnTo(id);
    assert.deepEqual(
      (await readTable(ada, documentTable, 'document/')).items.map(one => one.id),
      [foreign],
    );
    await turnTo(workspaces.find(one => one.id !== id)?.id);
  });

  test('jobs: those that wait are cancelled, those that failed tried again, of one workspace or of all', async () => {
    app.log.expectErrors(/embedding endpoint failed/);
    embeddings.close();
    for (const name of ['a.txt', 'b.txt', 'c.txt'])
      await uploadLater(ada, `A text that stays: ${name}`, name);
    await waitUntil('there are jobs', async () => (await count(ada, 'job/')).count === 3);
    assert.equal((await count(ada, 'job/', 'action=retry')).count, 0);
    assert.equal((await count(ada, 'job/', 'action=cancel')).count, 3);
    assert.equal((await count(ada, 'job/', 'state=failed')).count, 0);
    assert.deepEqual(await doAll(ada, 'server/job/', '', 'cancel'), [3]);
    assert.deepEqual(await count(ada, 'job/', 'action=cancel'), { count: 0, last_id: null });
    assert.equal((await count(ada, 'job/', 'state=failed&action=retry')).count, 3);
    assert.equal((await count(ada, 'job/', 'state=waiting&action=retry')).count, 0);
    assert.deepEqual(await doAll(ada, 'job/', 'state=failed', 'retry'), [3]);
    assert.ok((await readTable(ada, jobTable, 'job/')).items.every(({ state }) => state !== 'failed'));
    assert.deepEqual(await doAll(ada, 'job/', '', 'cancel'), [3]);
  });

  test('keys: those that are good, and the one that does it last of all not', async () => {
    const olga = await invite(app, ada, 'olga@example.com', 'owner');
    const mine = await createKey(olga, ['admin'], { name: 'night watch' });
    for (const name of ['night 1', 'night 2', 'day']) await createKey(ada, ['read'], { name });
    const watch = withKey(app, mine.secret);
    assert.equal((await count(watch, 'key/', 'q=night')).count, 3);
    assert.equal((await count(watch, 'key/', 'q=night&action=revoke')).count, 2);
    assert.deepEqual(await doAll(watch, 'key/', 'q=night', 'revoke'), [2]);
    const states = async () =>
      (await readTable(ada, keyTable, 'key/?order=asc')).items.map(({ name, state }) => [name, state]);
    assert.deepEqual(await states(), [
      ['night watch', 'active'],
      ['night 1', 'revoked'],
      ['night 2', 'revoked'],
      ['day', 'active'],
    ]);
    assert.equal((await count(ada, 'server/key/', 'action=revoke')).count, 2);
    assert.deepEqual(await doAll(ada, 'server/key/', '', 'revoke'), [2]);
    assert.ok((await states()).every(([, state]) => state === 'revoked'));
  });

  test('what is no filter, no action and no bound is refused', async () => {
    for (const query of ['order=asc', 'limit=5', 'sort=name', 'action=burn'])
      await expectError(await ada.fetch(`/api/admin/user/matching/?${query}`), 400, 'invalid_request');
    for (const body of [
      { action: 'disable' },
      { action: 'burn', last_id: 1 },
      { action: 'disable', last_id: null },
    ])
      await expectError(await postJson(ada, '/api/admin/user/matching/', body), 400, 'invalid_request');
    const { last_id } = await count(ada, 'user/');
    const body = { action: 'disable', last_id, state: 'active' };
    await expectError(await postJson(ada, '/api/admin/user/matching/', body), 400, 'invalid_request');
  });
});
