import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ask, type Client, createSession, postFile, upload } from '../api-client.ts';
import { createFolder } from '../cli/run-lectern.ts';
import { createNativeDatabase } from '../database-templates/native-database.ts';
import { startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { startLectern } from '../lectern-process.ts';
import { waitUntil } from '../wait-until.ts';

const folder = await createFolder();
const model = await startFakeLanguageModel();
after(async () => {
  await model.close();
  await folder.remove();
});

/** None of these may stand in a log, whatever happens. */
const secrets = {
  llm: 'sk-llm-0f3c9e7d21',
  fallback: 'sk-fallback-5b1a77',
  groq: 'gsk_groq8d2e61aa',
  reranker: 'sk-reranker-77aa01',
  secretKey: 'q8Zr2LwT5vXnB1mKc7JhP4dYs9GfA3eU',
  bearer: 'lectern_bearer_19af0c44',
  cookie: 'session-cookie-5e77ab',
  password: 'database-pass-3c9d',
  text: 'The vault opens with 4711.',
};

const serverUrl = process.env.TEST_DATABASE_URL;
const skip = serverUrl || process.env.CI === 'true' ? false : 'TEST_DATABASE_URL names no native PostgreSQL';

/** The database with a user of its own, whose password is one of the secrets. */
async function createDatabase() {
  assert.ok(serverUrl);
  const database = await createNativeDatabase(serverUrl);
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(`DROP ROLE IF EXISTS lectern_logs`);
  await client.query(`CREATE ROLE lectern_logs LOGIN SUPERUSER PASSWORD '${secrets.password}'`);
  await client.end();
  const url = new URL(database.url);
  url.username = 'lectern_logs';
  url.password = secrets.password;
  return { url: url.href, drop: database.drop };
}

for (const [kind, settings] of [
  ['JSON', {}],
  ['readable lines', { DEBUG: 'true' }],
] as const)
  test(`logs of a whole run as ${kind} name every request and hold no secret`, { skip }, async () => {
    const database = await createDatabase();
    const lectern = startLectern({
      LECTERN_DATA_DIR: folder.path,
      DATABASE_URL: database.url,
      PORT: '0',
      LOG_LEVEL: 'trace',
      LLM_BASE_URL: model.baseUrl,
      LLM_MODEL: 'fake-model',
      LLM_API_KEY: secrets.llm,
      LLM_FALLBACK_BASE_URL: 'http://127.0.0.1:9/v1',
      LLM_FALLBACK_MODEL: 'other',
      LLM_FALLBACK_API_KEY: secrets.fallback,
      GROQ_API_KEY: secrets.groq,
      RERANKER_BASE_URL: 'http://127.0.0.1:9',
      RERANKER_MODEL: 'none',
      RERANKER_API_KEY: secrets.reranker,
      SECRET_KEY: secrets.secretKey,
      ...settings,
    });
    try {
      const url = await waitUntil('it listens', () => /url"?: ?"([^"]+)"/.exec(lectern.output())?.[1]);
      const headers = { cookie: `session=${secrets.cookie}` };
      const client: Client = {
        fetch: (path, init) => fetch(`${url}${path}`, { ...init, headers: { ...init?.headers, ...headers } }),
      };
      await upload(client, secrets.text, 'vault.txt');
      const sessionId = await createSession(client);
      await ask(client, sessionId, 'What opens the vault?');
      model.script({ kind: 'status', status: 401 }, { kind: 'status', status: 500 });
      await ask(client, sessionId, 'And with which number?');
      await postFile(client, new Uint8Array([0xff, 0xfe, 0x00]), { name: 'broken.pdf' });
      const authorization = `Bearer ${secrets.bearer}`;
      const unknown = await fetch(`${url}/api/document/`, { headers: { ...headers, authorization } });
      assert.equal(unknown.status, 401);
      const refused = await client.fetch('/api/chat/', { method: 'POST', body: '{' });
      const requestId = refused.headers.get('x-request-id') ?? 'none';
      await client.fetch('/api/health/?api_key=nothing');
      await lectern.kill('SIGTERM');
      const log = lectern.output();
      assert.match(log, /request/);
      for (const [name, secret] of Object.entries(secrets))
        assert.ok(!log.includes(secret), `${name} is in the log`);
      if (kind === 'JSON') {
        assert.ok(log.includes(`"reqId":"${requestId}"`), 'the request can be found');
        for (const line of log.trim().split('\n')) assert.doesNotThrow(() => JSON.parse(line), line);
      }
    } finally {
      await lectern.kill('SIGKILL');
      await database.drop();
    }
  });
