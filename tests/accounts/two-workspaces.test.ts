import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { sql } from 'kysely';
import { workspace } from '../../contract/accounts/accounts.ts';
import { activityReport } from '../../contract/activity.ts';
import { answerTrace } from '../../contract/trace.ts';
import {
  ask,
  type Client,
  createSession,
  expectJson,
  listDocuments,
  postFile,
  postJson,
  postQuestion,
  putFile,
  search,
  upload,
} from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { eventOf } from '../event-stream.ts';
import { type FakeEmbeddingServer, startFakeEmbeddingServer } from '../fakes/embedding-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { recordStatements, withoutConditions } from '../sent-statements.ts';
import { waitUntil } from '../wait-until.ts';
import { createFirstAdmin, createKey, withKey } from './account-client.ts';

/** 10,000 show more; fewer are quick. */
const REQUESTS = Number(process.env.ISOLATION_REQUESTS ?? 300);
const AT_ONCE = 6;
/** Ids of every kind have a range of their own, far from all other numbers: one in an answer says what it is of. */
const FIRST_ID = 1_000_000_000;
const idPattern = /(?<![\w.-])[1-9]\d{9,10}(?![\w.])/g;
const words =
  'harbour ferry lamp whale keeper storm tide pier anchor sailor chart compass rope deck gull'.split(' ');

type Side = {
  name: string;
  /** Stands in its documents, sessions and questions, and in nobody else's. */
  canary: string;
  client: Client;
  documents: number[];
  sessions: number[];
  questions: number[];
  answers: number[];
  cases: number[];
  /** All that it was ever shown. */
  seen: Set<number>;
};

/** Repeats itself, so that a failure does. */
function createRandom(seed: number) {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  return {
    below: (count: number) => Math.floor(next() * count),
    of: <Item>(items: readonly Item[]): Item => {
      const item = items[Math.floor(next() * items.length)];
      assert.ok(item !== undefined, 'there is nothing to choose from');
      return item;
    },
  };
}

const pages = (topic: number, canary: string) =>
  Array.from(
    { length: 5 },
    (_, part) =>
      `${canary} stands in part ${part} of topic ${topic}. The ${words[(topic + part) % words.length]} and the ${
        words[(topic * 3 + part) % words.length]
      } are of that part.`,
  ).join('\n\n');
const text = (topic: number) => pages(topic, 'The same');

onEachDatabase('two workspaces with the same texts', createApp => {
  let embeddings: FakeEmbeddingServer;
  let app: TestApp;
  let sides: Side[];

  before(async () => {
    embeddings = await startFakeEmbeddingServer();
    app = await createApp({ env: embeddings.env });
    await app.inspect(async db => {
      const { rows } = await sql<{ name: string }>`
        SELECT relname AS name FROM pg_sequence JOIN pg_class ON pg_class.oid = seqrelid
        WHERE relname <> 'workspace_ids' ORDER BY relname`.execute(db);
      // The first workspace's own rows are there: those of later ones are compared.
      for (const [index, { name }] of rows.entries())
        await sql`SELECT setval(${name}::regclass, ${(index + 1) * FIRST_ID})`.execute(db);
    });
    await app.restart();
    const admin = await createFirstAdmin(app);
    sides = [];
    for (const name of ['alpha', 'beta']) {
      const { id } = workspace.parse(
        await expectJson(await postJson(admin, '/api/workspace/', { name }), 201),
      );
      await expectJson(await postJson(admin, '/api/account/workspace/', { workspace_id: id }), 200);
      const { secret } = await createKey(admin, ['read', 'ask', 'write', 'admin']);
      const client = withKey(app, secret);
      sides.push({
        name,
        canary: `zanzi${name}bar`,
        client,
        documents: [],
        sessions: [],
        questions: [],
        answers: [],
        cases: [],
        seen: new Set(),
      });
    }
    for (const side of sides) {
      for (let topic = 0; topic < 6; topic += 1)
        side.documents.push(await upload(side.client, text(topic), `topic-${topic}.txt`));
      side.documents.push(await upload(side.client, pages(9, side.canary), 'own.txt'));
      for (const word of words.slice(0, 3)) await askOnce(side, `What of the ${word} ${side.canary}?`);
    }
  });
  after(() => embeddings.close());

  async function askOnce(side: Side, question: string): Promise<void> {
    const session = await createSession(side.client);
    const start = eventOf(await ask(side.client, session, question), 'start');
    side.sessions.push(session);
    side.questions.push(start.user_message_id);
    side.answers.push(start.message_id);
  }

  const sideAt = (index: number): Side => {
    const side = sides[index];
    assert.ok(side);
    return side;
  };

  /** Nothing in the answer may be of the other side. */
  function look(side: Side, other: Side, what: string, body: string): void {
    assert.ok(!body.includes(other.canary), `${what} shows ${side.name} a text of ${other.name}: ${body}`);
    for (const [id] of body.matchAll(idPattern)) {
      assert.ok(!other.seen.has(Number(id)), `${what} shows ${side.name} the id ${id} of ${other.name}`);
      side.seen.add(Number(id));
    }
  }

  type Random = ReturnType<typeof createRandom>;
  const question = (random: Random) => `Which ${random.of(words)} is of part ${random.below(5)}?`;
  const json = (method: string, body: object) => ({
    method,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });

  /** Requests about what there is; with the ids of the other side all of them are refused. */
  const about: Record<string, (client: Client, of: Side, random: Random) => Promise<Response>> = {
    document: (client, of, random) => client.fetch(`/api/document/${random.of(of.documents)}/`),
    file: (client, of, random) => client.fetch(`/api/document/${random.of(of.documents)}/file/`),
    text: (client, of, random) => client.fetch(`/api/document/${random.of(of.documents)}/text/`),
    outline: (client, of, random) => client.fetch(`/api/document/${random.of(of.documents)}/outline/`),
    chunks: (client, of, random) => client.fetch(`/api/admin/document/${random.of(of.documents)}/chunk/`),
    passages: (client, of, random) =>
      client.fetch(`/api/admin/document/${random.of(of.documents)}/passage/?limit=${1 + random.below(5)}`),
    'passages as a file': (client, of, random) =>
      client.fetch(`/api/admin/document/${random.of(of.documents)}/passage/export/`),
    'document change': (client, of, random) =>
      client.fetch(
        `/api/document/${random.of(of.documents)}/`,
        json('PATCH', { tags: [random.of(words)], metadata: { at: random.below(9) } }),
      ),
    replacing: (client, of, random) =>
      putFile(
        client,
        random.of(of.documents.slice(0, 6)),
        `${text(random.below(6))}\n\n${random.below(1e6)}`,
        {
          headers: { prefer: 'respond-async' },
        },
      ),
    session: (client, of, random) => client.fetch(`/api/session/${random.of(of.sessions)}/`),
    messages: (client, of, random) => client.fetch(`/api/session/${random.of(of.sessions)}/messages/`),
    export: (client, of, random) =>
      client.fetch(`/api/session/${random.of(of.sessions)}/export/?format=json`),
    usage: (client, of, random) => client.fetch(`/api/session/${random.of(of.sessions)}/usage/`),
    naming: (client, of, random) =>
      client.fetch(
        `/api/session/${random.of(of.sessions)}/`,
        json('PATCH', { pinned: random.below(2) === 1 }),
      ),
    stream: (client, of, random) => client.fetch(`/api/chat/${random.of(of.answers)}/stream/`),
    stop: (client, of, random) =>
      client.fetch(`/api/chat/${random.of(of.answers)}/stop/`, { method: 'POST' }),
    trace: (client, of, random) => client.fetch(`/api/message/${random.of(of.answers)}/trace/`),
    'follow-ups': (client, of, random) => client.fetch(`/api/message/${random.of(of.answers)}/follow-ups/`),
    feedback: (client, of, random) =>
      postJson(client, `/api/message/${random.of(of.answers)}/feedback/`, { rating: 'up' }),
    regenerating: (client, of, random) =>
      client.fetch(`/api/chat/${random.of(of.questions)}/regenerate/`, { method: 'POST' }),
    editing: (client, of, random) =>
      postJson(client, `/api/message/${random.of(of.questions)}/edit/`, { message: question(random) }),
    asking: (client, of, random) => postQuestion(client, random.of(of.sessions), question(random)),
    case: (client, of, random) =>
      postJson(client, '/api/evaluation/case/', { message_id: random.of(of.answers) }),
  };
  /** Requests about the workspace as a whole. */
  const overall: Record<string, (client: Client, side: Side, random: Random) => Promise<Response>> = {
    search: (client, _, random) =>
      postJson(client, '/api/search/', {
        query: question(random),
        mode: random.of(['hybrid', 'vector', 'lexical']),
        excerpt_characters: 2_000,
      }),
    'search for the other’s word': (client, side) =>
      postJson(client, '/api/search/', {
        query: `zanzi${side.name === 'alpha' ? 'beta' : 'alpha'}bar`,
        top_k: 50,
      }),
    'search with a filter': (client, _, random) =>
      postJson(client, '/api/search/', { query: question(random), filter: { tags: [random.of(words)] } }),
    documents: (client, _, random) => client.fetch(`/api/document/?limit=${1 + random.below(50)}`),
    'documents by name': (client, _, random) => client.fetch(`/api/document/?name=topic-${random.below(6)}`),
    sessions: client => client.fetch('/api/session/'),
    'sessions by words': (client, _, random) => client.fetch(`/api/session/?q=${random.of(words)}`),
    cases: client => client.fetch('/api/evaluation/case/'),
    'table of documents': (client, _, random) =>
      client.fetch(
        `/api/admin/document/?sort=${random.of(['created_at', 'filename', 'byte_size', 'passages'])}&limit=${1 + random.below(20)}`,
      ),
    'table of documents by words': (client, _, random) =>
      client.fetch(`/api/admin/document/?q=${random.of(['topic', 'own', 'txt'])}`),
    'documents as a file': client => client.fetch('/api/admin/document/export/'),
    jobs: client => client.fetch('/api/admin/job/'),
    usage: client => client.fetch('/api/usage/'),
    settings: client => client.fetch('/api/settings/'),
    upload: (client, side, random) =>
      postFile(client, `${text(random.below(6))}\n\n${side.name} ${random.below(1e9)}`, {
        headers: { prefer: 'respond-async' },
      }),
  };
  /** What takes most of the time comes seldom. */
  const seldom = new Set(['replacing', 'regenerating', 'editing', 'asking', 'upload']);

  async function sendRandom(random: Random): Promise<void> {
    const [side, other] = random.below(2) ? [sideAt(0), sideAt(1)] : [sideAt(1), sideAt(0)];
    const isOverall = random.below(3) === 0;
    const name = random.of(Object.keys(isOverall ? overall : about));
    if (seldom.has(name) && random.below(12) > 0) return sendRandom(random);
    const isForeign = !isOverall && random.below(3) === 0;
    const response = isOverall
      ? await overall[name]?.(side.client, side, random)
      : await about[name]?.(side.client, isForeign ? other : side, random);
    assert.ok(response);
    const body = await response.text();
    assert.ok(response.status < 500, `${name}: ${response.status} ${body}`);
    if (isForeign) {
      // Names no id, and not even a word of it.
      assert.equal(response.status, 404, `${name} of ${other.name}: ${body}`);
      assert.doesNotMatch(body.replace(/"requestId":"[^"]*"/, ''), idPattern);
      assert.ok(!body.includes(other.canary));
      return;
    }
    // A session may be answering, and a document in work: refused, but its own.
    if (![409, 422].includes(response.status)) assert.ok(response.ok, `${name}: ${response.status} ${body}`);
    // What was looked for stands in the request alone.
    look(side, other, name, body);
  }

  async function sendMany(count: number, seed: number): Promise<void> {
    let left = count;
    await Promise.all(
      Array.from({ length: AT_ONCE }, async (_, lane) => {
        const random = createRandom(seed + lane);
        while (left > 0) {
          left -= 1;
          await sendRandom(random);
        }
      }),
    );
  }

  test(`${REQUESTS} random requests show nobody an id or a text of the other`, async () => {
    await sendMany(REQUESTS, 20_261_127);
    for (const { seen } of sides) assert.ok(seen.size > 30, `${seen.size} ids were seen`);
  });

  /** No document is in work any more: what it becomes would change what is found. */
  const settle = () =>
    waitUntil('all documents are done', async () => {
      for (const { client } of sides) {
        const { documents } = await listDocuments(client);
        if (documents.some(({ state, replacement }) => !['ready', 'failed'].includes(state) || replacement))
          return false;
      }
      return true;
    });

  test('counts are of one’s own', async () => {
    await settle();
    for (const side of sides) {
      const { documents } = await listDocuments(side.client);
      const report = activityReport.parse(await expectJson(await side.client.fetch('/api/activity/'), 200));
      assert.equal(report.storage.documents, documents.length);
      const { searched_documents } = await search(side.client, 'the harbour');
      assert.equal(searched_documents, documents.filter(({ state }) => state === 'ready').length);
    }
  });

  describe('what one has asked', () => {
    const cached = async (side: Side, message: string) => {
      const session = await createSession(side.client);
      const { message_id } = eventOf(await ask(side.client, session, message), 'start');
      const trace = await side.client.fetch(`/api/message/${message_id}/trace/`);
      return answerTrace.parse(await expectJson(trace, 200)).cached;
    };

    test('is found quickly by oneself only', async () => {
      await settle();
      const message = 'Is the compass on the deck?';
      const [alpha, beta] = [sideAt(0), sideAt(1)];
      assert.equal(await cached(alpha, message), false);
      assert.equal(await cached(alpha, message), true);
      assert.equal(await cached(beta, message), false);
      assert.equal(await cached(beta, message), true);
    });

    test('costs the other as much as if nobody had asked', async () => {
      // Everything is read anew: no directory, no block, no vector, nothing found.
      await app.restart();
      const query = 'Where are the rope and the gull?';
      const count = async (side: Side) => {
        const sent = await recordStatements(() => search(side.client, query));
        return sent.filter(text => !/api_keys|memberships|workspaces/.test(text)).length;
      };
      const [first, second] = [await count(sideAt(0)), await count(sideAt(1))];
      assert.ok(first > 0);
      assert.ok(second > 0, 'the second reads nothing of its own');
    });
  });

  test('without a single condition in any statement nobody sees anything of the other', async () => {
    const [, removed] = await withoutConditions(async () => {
      // What was prepared before has its conditions still.
      await app.restart();
      await sendMany(Math.ceil(REQUESTS / 3), 7);
    });
    assert.ok(removed > 50, `${removed} conditions were removed`);
    await app.restart();
  });
});
