import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { sql } from 'kysely';
import { newInvite } from '../../contract/accounts/accounts.ts';
import type { Permission } from '../../contract/accounts/permissions.ts';
import { evaluationCase } from '../../contract/evaluation.ts';
import { ask, type Client, createSession, expectJson, postJson, upload } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { eventOf } from '../event-stream.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { createFirstAdmin, createKey, invite, readAccount, signIn, withKey } from './account-client.ts';
import { permissionTable, type Things } from './permission-table.ts';

/** Who they are, and what they may do in the workspace whose things are asked for. */
const actors = {
  anonymous: [],
  'a disabled user': [],
  'a revoked key': [],
  'a reader': ['account', 'read', 'ask'],
  'an editor': ['account', 'read', 'ask', 'write'],
  'an owner': ['account', 'read', 'ask', 'write', 'manage'],
  'an administrator in no workspace': ['account', 'administer'],
  'an administrator with access to chats': ['account', 'administer', 'inspect'],
  'an owner of another workspace': ['account', 'read', 'ask', 'write', 'manage'],
} satisfies Record<string, Permission[]>;
type Actor = keyof typeof actors;

const nobody: Actor[] = ['anonymous', 'a disabled user', 'a revoked key'];
/** Of nothing anywhere. */
const UNKNOWN_ID = 987_654_321;

type Operation = { responses: Record<string, unknown> };

onEachDatabase('permissions', createApp => {
  let app: TestApp;
  let clients: Record<Actor, Client>;
  let things: Things;
  let operations: Record<string, Operation>;

  before(async () => {
    app = await createApp();
    const ada = await createFirstAdmin(app);
    const users = {
      reader: await invite(app, ada, 'rita@example.com', 'reader'),
      editor: await invite(app, ada, 'ed@example.com', 'editor'),
      owner: await invite(app, ada, 'olga@example.com', 'owner'),
      disabled: await invite(app, ada, 'dave@example.com', 'owner'),
      foreign: await invite(app, ada, 'fred@example.com', 'reader'),
      admin: await invite(app, ada, 'eve@example.com', 'reader'),
      inspector: await invite(app, ada, 'ines@example.com', 'reader'),
    };
    const idOf = async (client: Client) => (await readAccount(client)).user?.id ?? 0;
    things = await makeThings(users.owner, await idOf(users.reader));
    const revoked = await createKey(ada, ['read', 'ask', 'write', 'admin']);
    await expectJson(await ada.fetch(`/api/key/${revoked.id}/`, { method: 'DELETE' }), 200);
    const [foreign, admin, inspector] = await Promise.all(
      [users.foreign, users.admin, users.inspector].map(idOf),
    );
    assert.ok(foreign && admin && inspector);
    const ids = { foreign, admin, inspector };
    await app.inspect(async db => {
      await db
        .updateTable('users')
        .set({ disabled_at: new Date() })
        .where('email', '=', 'dave@example.com')
        .execute();
      await db
        .updateTable('users')
        .set({ is_admin: true })
        .where('id', 'in', [ids.admin, ids.inspector])
        .execute();
      await sql`INSERT INTO chat_access (workspace_id, user_id, reason, expires_at)
        SELECT min(id), ${ids.inspector}, 'a test', now() + interval '1 day' FROM workspaces`.execute(db);
      await db.deleteFrom('memberships').where('user_id', 'in', Object.values(ids)).execute();
      const { id } = await db
        .insertInto('workspaces')
        .values({ name: 'Another' })
        .returning('id')
        .executeTakeFirstOrThrow();
      await db.insertInto('index_versions').values({ workspace_id: id }).execute();
      await db
        .insertInto('memberships')
        .values({ workspace_id: id, user_id: ids.foreign, role: 'owner' })
        .execute();
    });
    await app.restart();
    clients = {
      anonymous: app,
      'a disabled user': users.disabled,
      'a revoked key': withKey(app, revoked.secret),
      'a reader': users.reader,
      'an editor': users.editor,
      'an owner': users.owner,
      'an administrator in no workspace': users.admin,
      'an administrator with access to chats': users.inspector,
      'an owner of another workspace': users.foreign,
    };
    operations = await readOperations(app);
  });

  test('every route of the OpenAPI document is in the table, and nothing else', () => {
    assert.deepEqual(Object.keys(operations).sort(), Object.keys(permissionTable).sort());
  });

  test('every route that needs a permission says that it may be refused', () => {
    for (const [route, { permission }] of Object.entries(permissionTable))
      if (permission !== 'anyone')
        for (const status of ['401', '403'])
          assert.ok(operations[route]?.responses[status], `${route} does not document ${status}`);
  });

  for (const [route, { permission, of, body, signsOut }] of Object.entries(permissionTable))
    test(`${route} asks for ${permission}`, async () => {
      for (const actor of Object.keys(actors) as Actor[]) {
        const granted: Permission[] = actors[actor];
        // Their cookie could not be had again.
        if (signsOut && actor === 'a disabled user') continue;
        const isAllowed = permission === 'anyone' || granted.includes(permission);
        const isForeign = actor === 'an owner of another workspace' && of !== undefined;
        // Whoever may is not given what there is: the next one shall find it too.
        const id = isAllowed && !isForeign ? UNKNOWN_ID : things[of ?? 'document'];
        const { status, code } = await send(clients[actor], route, { id, body });
        if (!isAllowed)
          assert.deepEqual(
            [status, code],
            nobody.includes(actor) ? [401, 'not_signed_in'] : [403, 'not_allowed'],
            actor,
          );
        else if (isForeign) assert.deepEqual([status, code], [404, 'not_found'], actor);
        else {
          assert.ok(code !== 'not_signed_in' || route === 'post /api/auth/set-up/', `${actor}: ${code}`);
          assert.notEqual(code, 'not_allowed', actor);
          assert.ok(status < 500, `${actor}: ${status}`);
        }
        const email = emailOf[actor];
        if (signsOut && email !== undefined) clients[actor] = await signIn(app, email);
      }
    });

  test('what was refused was not done', async () => {
    const { document, session, answer, key, invite: inviteId, member } = things;
    const owner = clients['an owner'];
    for (const path of [
      `/api/document/${document}/`,
      `/api/session/${session}/`,
      `/api/message/${answer}/trace/`,
    ])
      await expectJson(await owner.fetch(path), 200);
    for (const [path, id] of [
      ['key', key],
      ['workspace/invite', inviteId],
    ] as const)
      await expectJson(await owner.fetch(`/api/${path}/${id}/`, { method: 'DELETE' }), 200);
    const { members } = (await expectJson(await owner.fetch('/api/workspace/member/'), 200)) as {
      members: { user_id: number; role: string }[];
    };
    assert.equal(members.find(one => one.user_id === member)?.role, 'reader');
  });
});

const emailOf: Partial<Record<Actor, string>> = {
  'a reader': 'rita@example.com',
  'an editor': 'ed@example.com',
  'an owner': 'olga@example.com',
  'an administrator in no workspace': 'eve@example.com',
  'an administrator with access to chats': 'ines@example.com',
  'an owner of another workspace': 'fred@example.com',
};

async function makeThings(owner: Client, readerId: number): Promise<Things> {
  const document = await upload(owner, 'The canary sits in the greenhouse.');
  const session = await createSession(owner);
  const start = eventOf(await ask(owner, session, 'Where is the canary?'), 'start');
  const made = await postJson(owner, '/api/evaluation/case/', { message_id: start.message_id });
  const invited = await postJson(owner, '/api/workspace/invite/', { role: 'reader' });
  return {
    document,
    session,
    question: start.user_message_id,
    answer: start.message_id,
    case: evaluationCase.parse(await expectJson(made, 201)).id,
    member: readerId,
    invite: newInvite.parse(await expectJson(invited, 201)).id,
    key: (await createKey(owner, ['read'])).id,
    user: readerId,
  };
}

async function readOperations(app: Client): Promise<Record<string, Operation>> {
  const { paths } = (await expectJson(await app.fetch('/api/openapi.json'), 200)) as {
    paths: Record<string, Record<string, Operation>>;
  };
  return Object.fromEntries(
    Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method} ${path}`, operation]),
    ),
  );
}

/** @returns the status, and the code of an error. */
async function send(
  client: Client,
  route: string,
  { id, body = {} }: { id: number; body: object | undefined },
): Promise<{ status: number; code: string | undefined }> {
  const [method = '', path = ''] = route.split(' ');
  const leaving = new AbortController();
  const hasBody = ['post', 'put', 'patch'].includes(method);
  const response = await client.fetch(path.replace(/\{\w+\}/, String(id)), {
    method: method.toUpperCase(),
    signal: leaving.signal,
    ...(hasBody && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  const { status } = response;
  if (status < 400) {
    leaving.abort(); // It may be a stream without an end.
    return { status, code: undefined };
  }
  const { error } = (await response.json()) as { error: { code: string } };
  return { status, code: error.code };
}
