import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { workspace } from '../../contract/accounts/accounts.ts';
import { tableOf } from '../../contract/administration/lists.ts';
import {
  auditTable,
  chunkTable,
  documentTable,
  keyStates,
  keyTable,
  memberTable,
  passageTable,
  serverKeyTable,
  userTable,
  workspaceTable,
} from '../../contract/administration/tables.ts';
import {
  createFirstAdmin,
  createKey,
  invite,
  readAccount,
  signIn,
  withKey,
} from '../accounts/account-client.ts';
import type { Browser } from '../accounts/browser.ts';
import { expectError, expectJson, postJson, readDocument, upload, waitUntilReady } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { bulk, patchSettings, readCsv, readTable, readWhole } from './admin-client.ts';

onEachDatabase('the tables of the administration', createApp => {
  let app: TestApp;
  let ada: Browser;
  let olga: Browser;
  const documents: number[] = [];
  before(async () => {
    app = await createApp();
    ada = await createFirstAdmin(app);
    olga = await invite(app, ada, 'olga.owner@example.com', 'owner');
    await invite(app, ada, 'rita@example.org', 'reader');
    for (const name of [
      'harbour-report_2026.txt',
      'Bread recipes.txt',
      '=cmd.txt',
      'ferry.txt',
      'anchor.txt',
    ])
      documents.push(await upload(ada, `${name} has a text of its own. `.repeat(documents.length + 1), name));
  });

  const names = async (path: string) =>
    (await readTable(ada, documentTable, `document/${path}`)).items.map(({ filename }) => filename);

  describe('documents', () => {
    test('are sorted by time, name and size, and a page follows the other without gap or repetition', async () => {
      assert.deepEqual(
        (await readTable(ada, documentTable, 'document/')).items.map(({ id }) => id),
        documents.toReversed(),
      );
      for (const sort of ['created_at', 'filename', 'byte_size', 'passages'])
        for (const order of ['asc', 'desc']) {
          const query = `document/?sort=${sort}&order=${order}`;
          const whole = (await readTable(ada, documentTable, query)).items;
          assert.deepEqual(await readWhole(ada, documentTable, `${query}&limit=2`), whole, query);
          const values = whole.map(row => row[sort as 'filename']);
          const isAscending = (a: unknown, b: unknown) => String(a).localeCompare(String(b)) <= 0;
          if (sort === 'byte_size')
            assert.deepEqual(
              values.map(Number),
              values.map(Number).toSorted((a, b) => (order === 'asc' ? a - b : b - a)),
            );
          else if (sort === 'created_at')
            assert.ok(isAscending(values[0], values.at(-1)) === (order === 'asc'));
        }
    });

    test('are found by how words of their names begin, whatever stands between them', async () => {
      assert.deepEqual(await names('?q=report'), ['harbour-report_2026.txt']);
      assert.deepEqual(await names('?q=2026+HARB'), ['harbour-report_2026.txt']);
      assert.deepEqual(await names('?q=recip'), ['Bread recipes.txt']);
      assert.deepEqual(await names('?q=arbour'), [], 'a word is found by its beginning');
      assert.deepEqual(await names('?q=%26+%7C+%21'), [], 'nothing of it means anything to the query');
      assert.equal((await names("?q=txt':*")).length, 5);
      const patched = await ada.fetch(`/api/document/${documents[3]}/`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ title: 'About ships' }),
      });
      assert.equal(patched.status, 200);
      assert.deepEqual(await names('?q=ship'), ['ferry.txt']);
    });

    test('are filtered by state and time', async () => {
      assert.equal((await names('?state=ready')).length, 5);
      assert.deepEqual(await names('?state=failed'), []);
      assert.deepEqual(await names('?from=2999-01-01'), []);
      assert.equal((await names('?to=2999-01-01T00:00:00%2B02:00')).length, 5);
    });

    test('show their chunks and passages with their texts', async () => {
      const [id] = documents;
      const chunks = (await readTable(ada, chunkTable, `document/${id}/chunk/`)).items;
      const passages = await readWhole(ada, passageTable, `document/${id}/passage/?limit=1`);
      assert.equal(chunks[0]?.text, 'harbour-report_2026.txt has a text of its own.');
      assert.deepEqual(
        passages.map(({ ordinal, embedded }) => [ordinal, embedded]),
        passages.map((_, index) => [index, true]),
      );
      await expectError(await ada.fetch('/api/admin/document/987654/chunk/'), 404, 'not_found');
    });

    test('come as a CSV file with the same filters, in which nothing is a formula', async () => {
      const rows = await readCsv(ada, 'document/export/?sort=filename&order=asc');
      assert.deepEqual(
        rows.map(({ id }) => Number(id)),
        (await readTable(ada, documentTable, 'document/?sort=filename&order=asc')).items.map(({ id }) => id),
      );
      assert.ok(rows.some(({ filename }) => filename === "'=cmd.txt"));
      assert.ok(rows.every(({ filename }) => !filename?.startsWith('=')));
      const [only] = await readCsv(ada, 'document/export/?q=bread');
      assert.deepEqual(
        [only?.filename, only?.state, only?.['error.code']],
        ['Bread recipes.txt', 'ready', ''],
      );
    });
  });

  test('a cursor of another order, and what is none, is refused', async () => {
    const { next_cursor } = await readTable(ada, documentTable, 'document/?sort=filename&limit=2');
    assert.ok(next_cursor);
    const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    for (const query of [
      `sort=byte_size&cursor=${next_cursor}`,
      `sort=filename&order=asc&cursor=${next_cursor}`,
      `cursor=abc`,
      `sort=byte_size&cursor=${forged(['byte_size', 'desc', 'x', 1])}`,
      `sort=created_at&cursor=${forged(['created_at', 'desc', '2026-02-31 00:00:00+00', 1])}`,
      `sort=filename&cursor=${forged(['filename', 'desc', '\0', 1])}`,
    ])
      await expectError(await ada.fetch(`/api/admin/document/?${query}`), 400, 'invalid_request');
  });

  test('what PostgreSQL could not store or compare is refused before', async () => {
    await expectError(await ada.fetch('/api/admin/audit/?address=%00'), 400, 'invalid_request');
    await expectError(await ada.fetch('/api/admin/audit/?from=2026-02-31'), 400, 'invalid_request');
    assert.deepEqual(await names('?q=%00'), []);
    const values = { LLM_MODEL: 'a\0b' };
    await expectError(await patchSettings(ada, values), 400, 'invalid_request');
    const access = { email: 'a\0@example.com', reason: 'because\0' };
    await expectError(await postJson(ada, '/api/admin/chat-access/', access), 400, 'invalid_request');
  });

  describe('users and workspaces', () => {
    const emails = async (query: string) =>
      (await readTable(ada, userTable, `user/${query}`)).items.map(({ email }) => email);

    test('are found by words, and filtered', async () => {
      assert.deepEqual(await emails('?q=olga+owner'), ['olga.owner@example.com']);
      assert.deepEqual(await emails('?q=org'), ['rita@example.org']);
      assert.deepEqual(await emails('?is_admin=true'), ['ada@example.com']);
      assert.deepEqual(await emails('?sort=email&order=asc'), [
        'ada@example.com',
        'olga.owner@example.com',
        'rita@example.org',
      ]);
      assert.deepEqual(await emails('?state=disabled'), []);
      assert.equal((await emails('?state=active&is_admin=false')).length, 2);
      const [first] = (await readTable(ada, userTable, 'user/?q=rita')).items;
      assert.deepEqual(
        first?.workspaces.map(({ role }) => role),
        ['reader'],
      );
      assert.ok(first?.signed_in_at);
    });

    test('say what is in them, and who', async () => {
      const { items } = await readTable(ada, workspaceTable, 'workspace/?q=default');
      const [row] = items;
      assert.deepEqual([row?.members, row?.documents], [3, 5]);
      const { items: members } = await readTable(ada, memberTable, `workspace/${row?.id}/member/?role=owner`);
      assert.deepEqual(members.map(({ email }) => email).sort(), [
        'ada@example.com',
        'olga.owner@example.com',
      ]);
      await expectError(await ada.fetch('/api/admin/workspace/987654/member/'), 404, 'not_found');
    });
  });

  describe('many at once', () => {
    test('users are disabled and enabled; the last administrator is a failure of their own', async () => {
      const rita = await signIn(app, 'rita@example.org');
      const [ritaId, adaId] = [
        (await readAccount(rita)).user?.id ?? 0,
        (await readAccount(ada)).user?.id ?? 0,
      ];
      const result = await bulk(ada, 'user/bulk/', 'disable', [ritaId, adaId, 987_654]);
      assert.deepEqual(
        result.results.map(({ outcome, code }) => [outcome, code]),
        [
          ['done', null],
          ['failed', 'last_admin'],
          ['failed', 'not_found'],
        ],
      );
      assert.deepEqual([result.done, result.failed], [1, 2]);
      await expectError(await rita.fetch('/api/account/'), 401, 'not_signed_in');
      assert.equal((await bulk(ada, 'user/bulk/', 'enable', [ritaId])).done, 1);
      await signIn(app, 'rita@example.org');
      const { items } = await readTable(ada, auditTable, 'server/audit/?action=user-changed&order=asc');
      assert.deepEqual(
        items.map(({ details, user }) => [details, user?.email]),
        [
          [{ user_id: ritaId, disabled: true }, 'ada@example.com'],
          [{ user_id: ritaId, disabled: false }, 'ada@example.com'],
        ],
      );
    });

    test('documents are processed again and deleted, and what is not there is named', async () => {
      const id = await upload(ada, 'One that is to go.', 'gone.txt');
      const [first = 0] = documents;
      const version = (await readDocument(ada, first)).version;
      const again = await bulk(ada, 'document/bulk/', 'reprocess', [first, 987_654]);
      assert.deepEqual(
        again.results.map(({ code }) => code),
        [null, 'not_found'],
      );
      const ready = await waitUntilReady(ada, first);
      assert.ok(ready.version !== version || ready.replacement);
      const retried = await bulk(ada, 'document/bulk/', 'retry', [id]);
      assert.deepEqual(retried.results[0]?.code, 'invalid_request');
      assert.equal((await bulk(ada, 'document/bulk/', 'delete', [id])).done, 1);
      await expectError(await ada.fetch(`/api/document/${id}/`), 404, 'not_found');
      const { items } = await readTable(ada, auditTable, 'audit/?action=document-deleted');
      assert.deepEqual(items[0]?.details, { document_id: id });
    });

    test('keys are revoked, here and by the server', async () => {
      const keys = [
        await createKey(ada, ['read']),
        await createKey(olga, ['read']),
        await createKey(ada, ['ask']),
      ];
      const [own, others, last] = keys.map(({ id }) => id);
      assert.ok(own && others && last);
      assert.equal((await bulk(olga, 'key/bulk/', 'revoke', [own])).done, 1);
      assert.deepEqual((await bulk(olga, 'key/bulk/', 'revoke', [own])).results[0]?.code, 'not_found');
      assert.equal((await bulk(ada, 'server/key/bulk/', 'revoke', [others, 987_654])).done, 1);
      await expectError(
        await withKey(app, keys[1]?.secret ?? '').fetch('/api/document/'),
        401,
        'not_signed_in',
      );
      const states = (await readTable(ada, keyTable, 'key/?order=asc')).items.map(({ state }) => state);
      assert.deepEqual(states, ['revoked', 'revoked', 'active']);
      for (const state of keyStates)
        assert.equal(
          (await readTable(ada, keyTable, `key/?state=${state}`)).items.length,
          states.filter(one => one === state).length,
        );
      assert.deepEqual(
        (await readTable(ada, serverKeyTable, 'server/key/?state=active&q=a+k')).items.map(({ id }) => id),
        [last],
      );
      assert.deepEqual(
        (await readTable(olga, keyTable, 'key/?state=revoked&q=key')).items.map(row => row.created_by?.email),
        ['olga.owner@example.com', 'ada@example.com'],
      );
    });

    test('a bulk action without ids, with too many or an unknown one is refused', async () => {
      for (const body of [
        { action: 'delete', ids: [] },
        { action: 'delete', ids: Array.from({ length: 201 }, (_, index) => index + 1) },
        { action: 'burn', ids: [1] },
      ])
        await expectError(await postJson(ada, '/api/admin/document/bulk/', body), 400, 'invalid_request');
    });
  });

  test('an export is written into the audit log with what was asked for', async () => {
    await readCsv(ada, 'user/export/?state=active');
    const { items } = await readTable(ada, auditTable, 'server/audit/?action=table-exported&limit=1');
    assert.deepEqual(items[0]?.details, {
      table: 'user/',
      query: { order: 'desc', sort: 'created_at', state: 'active' },
    });
  });

  test('owners see of keys, jobs and the audit log what is of their workspace alone', async () => {
    const { id } = workspace.parse(
      await expectJson(await postJson(ada, '/api/workspace/', { name: 'Another' }), 201),
    );
    const before = await readTable(olga, auditTable, 'audit/?limit=200');
    await expectJson(await postJson(ada, '/api/account/workspace/', { workspace_id: id }), 200);
    const foreign = await createKey(ada, ['read']);
    const document = await upload(ada, 'A foreign text about the harbour.', 'harbour.txt');
    const anyRow = tableOf(keyTable.shape.items.element);
    assert.deepEqual(
      (await readTable(ada, anyRow, 'key/')).items.map(row => row.id),
      [foreign.id],
    );
    assert.ok(!(await readTable(olga, keyTable, 'key/?q=key')).items.some(row => row.id === foreign.id));
    assert.deepEqual(await readTable(olga, auditTable, 'audit/?limit=200'), before);
    assert.deepEqual(
      (await readTable(ada, documentTable, 'document/?q=harbour')).items.map(row => row.id),
      [document],
    );
    assert.deepEqual((await bulk(olga, 'key/bulk/', 'revoke', [foreign.id])).results[0]?.code, 'not_found');
    assert.deepEqual(
      (await bulk(olga, 'document/bulk/', 'delete', [document])).results[0]?.code,
      'not_found',
    );
    await expectError(await olga.fetch(`/api/admin/document/${document}/chunk/`), 404, 'not_found');
    const [ids] = await app.inspect(async db => {
      const { rows } = await sql<{ id: number }>`SELECT id FROM documents ORDER BY id`.execute(db);
      return [rows.map(row => row.id)];
    });
    assert.ok(ids.includes(document));
    await app.restart();
  });
});
