import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type TestContext, test } from 'node:test';
import { readConfig } from './config.ts';
import { StartError } from './errors.ts';

const strongKey = 'kT7_2vQmZr9xWc4LhNf8yBd3PjSg6UaE';

function read(env: Record<string, string | undefined>) {
  return readConfig(env, { envFile: '' });
}

/** The lines of the error, one per problem. */
function problemsOf(env: Record<string, string>): string[] {
  try {
    read(env);
  } catch (error) {
    assert.ok(error instanceof StartError);
    return error.message
      .split('\n')
      .slice(1)
      .map(line => line.trim());
  }
  return [];
}

async function envFileWith(context: TestContext, content: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lectern-config-'));
  context.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, '.env'), content);
  return join(folder, '.env');
}

test('an empty environment gives the documented defaults', () => {
  const config = read({});
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 8001);
  assert.equal(config.secretKey, undefined);
  assert.equal(config.databaseUrl, undefined);
  assert.equal(config.dataDir, resolve('data'));
  assert.equal(config.groqModel, 'llama-3.3-70b-versatile');
  assert.equal(config.embeddingModelPath, resolve(import.meta.dirname, '../models/all-MiniLM-L6-v2'));
  assert.equal(config.embeddingWorkers, Math.min(availableParallelism(), 8));
  assert.equal(config.maxTextBytes, 5 * 1024 * 1024);
  assert.equal(config.maxUploadBytes, 50 * 1024 * 1024);
});

test('values become what they mean', () => {
  const config = read({
    DEBUG: 'Yes',
    SKIP_MODEL_LOADING: '0',
    PORT: '0',
    MIN_SIMILARITY: '0.35',
    ALLOWED_HOSTS: 'docs.example.com, .Example.org,,[::1], *',
    ALLOWED_URL_HOSTS: 'Wiki:8090, .corp.example, 10.0.0.5, fd12::1, [fd12::2]:8090',
    LLM_BASE_URL: 'http://localhost:11434/v1/',
    LLM_MODEL: ' qwen3:8b ',
    LECTERN_DATA_DIR: 'elsewhere',
  });
  assert.equal(config.debug, true);
  assert.equal(config.skipModelLoading, false);
  assert.equal(config.port, 0);
  assert.equal(config.minSimilarity, 0.35);
  assert.deepEqual(config.allowedHosts, ['docs.example.com', '.example.org', '[::1]', '*']);
  assert.deepEqual(config.allowedUrlHosts, [
    'wiki:8090',
    '.corp.example',
    '10.0.0.5',
    'fd12::1',
    '[fd12::2]:8090',
  ]);
  assert.equal(config.llmBaseUrl, 'http://localhost:11434/v1');
  assert.equal(config.llmModel, 'qwen3:8b');
  assert.equal(config.dataDir, resolve('elsewhere'));
});

test('an empty variable counts as not set', () => {
  const config = read({ PORT: '', GROQ_API_KEY: '  ', LECTERN_UNKNOWN: '', TOP_K: undefined });
  assert.equal(config.port, 8001);
  assert.equal(config.groqApiKey, undefined);
  assert.equal(config.topK, 5);
});

test('all problems are reported at once, with name, given value and expectation', () => {
  const problems = problemsOf({
    PORT: '80a',
    LOG_LEVEL: 'loud',
    CHUNK_SIZE: '10',
    LLM_BASE_URL: 'http://x/v1',
  });
  assert.deepEqual(problems, [
    'PORT: "80a" was given; expected a whole number from 0 to 65535',
    'LOG_LEVEL: "loud" was given; expected one of trace, debug, info, warn, error, fatal, silent',
    'LLM_MODEL: not given; expected the name of a model, because LLM_BASE_URL is set',
    'CHUNK_OVERLAP: 50 was given; expected less than CHUNK_SIZE (10)',
  ]);
});

const refused = {
  PORT: ['65536', '-1', '80.5', '1e3', '0x50', 'Infinity'],
  MIN_SIMILARITY: ['1.01', '-0.1', '.5', 'NaN'],
  TOP_K: ['0', '101'],
  DEBUG: ['maybe', '2'],
  HOST: ['127.0.0.1:80', 'http://here', 'a b'],
  ALLOWED_HOSTS: ['example.com:8001', 'https://example.com', '*.example.com', 'a b'],
  DATABASE_URL: ['mysql://localhost/x', 'localhost:5432', 'postgres'],
  GROQ_BASE_URL: ['ftp://example.com', 'api.groq.com'],
  GROQ_API_KEY: ['two words', 'kéy'],
  LLM_SILENCE_TIMEOUT_SECONDS: ['0', '5s'],
  MAX_TEXT_BYTES: ['0', '5MB'],
  ALLOWED_URL_HOSTS: ['*', 'https://wiki.corp', 'wiki.corp/page', 'wiki.corp:0', 'wiki.corp:70000', 'a b'],
};

for (const [name, values] of Object.entries(refused)) {
  test(`${name} refuses ${values.join(', ')}`, () => {
    for (const value of values) {
      const problems = problemsOf({ [name]: value });
      assert.equal(problems.length, 1, `${name}=${value}`);
      assert.ok(problems[0]?.startsWith(`${name}: `), problems[0]);
    }
  });
}

test('no secret is ever shown', () => {
  const problems = problemsOf({
    GROQ_API_KEY: 'gsk_very hidden',
    LLM_API_KEY: 'hidden key',
    DATABASE_URL: 'mysql://someone:hidden@db/x',
    GROQ_BASE_URL: 'gsk_hidden',
    EMBEDDING_BASE_URL: 'ftp://someone:hidden@host',
    SECRET_KEY: 'hidden',
    HOST: '0.0.0.0',
  });
  assert.equal(problems.length, 6);
  assert.doesNotMatch(problems.join('\n'), /hidden/);
});

test('an unknown LECTERN_ variable is refused with the nearest name', () => {
  assert.deepEqual(problemsOf({ LECTERN_DATADIR: 'x', LECTERN_PROT: '1', LECTERN_COLOUR: 'red' }), [
    'LECTERN_DATADIR: no such setting; did you mean LECTERN_DATA_DIR?',
    'LECTERN_PROT: no such setting; did you mean PORT?',
    'LECTERN_COLOUR: no such setting',
  ]);
});

test("other programs' variables are none of our business", () => {
  assert.doesNotThrow(() => read({ PATH: '/bin', NODE_ENV: 'production', npm_config_x: 'y' }));
});

test('the parts of the token budget must leave room in the context window', () => {
  assert.match(
    problemsOf({ MAX_CONTEXT_TOKENS: '16120' }).join(),
    /^MAX_CONTEXT_TOKENS: .* more than 16120,/,
  );
  assert.deepEqual(problemsOf({ MAX_CONTEXT_TOKENS: '16121' }), []);
});

test('EMBEDDING_MODEL is required with EMBEDDING_BASE_URL', () => {
  assert.match(problemsOf({ EMBEDDING_BASE_URL: 'http://x' }).join(), /^EMBEDDING_MODEL: not given/);
  assert.deepEqual(problemsOf({ EMBEDDING_BASE_URL: 'http://x', EMBEDDING_MODEL: 'm' }), []);
});

test('a model without the server that runs it is refused', () => {
  assert.match(problemsOf({ LLM_MODEL: 'llama3.2' }).join(), /^LLM_BASE_URL: not given/);
});

test('a reranker is a folder or an endpoint, and an endpoint has a model unless it is TEI', () => {
  const endpoint = { RERANKER_BASE_URL: 'http://x' };
  assert.match(problemsOf({ ...endpoint, RERANKER_MODEL_PATH: 'm' })[0] ?? '', /^RERANKER_MODEL_PATH: .*one/);
  assert.match(problemsOf(endpoint).join(), /^RERANKER_MODEL: not given/);
  assert.deepEqual(problemsOf({ ...endpoint, RERANKER_MODEL: 'm' }), []);
  assert.deepEqual(problemsOf({ ...endpoint, RERANKER_FORMAT: 'TEI' }), []);
  assert.match(
    problemsOf({ RERANKER_MODEL: 'm' }).join(),
    /^RERANKER_MODEL: given without RERANKER_BASE_URL/,
  );
  const [problem = ''] = problemsOf({ RERANKER_API_KEY: 'secret-key' });
  assert.match(problem, /^RERANKER_API_KEY: given without RERANKER_BASE_URL/);
  assert.doesNotMatch(problem, /secret-key/);
});

test('questions are rewritten by a model only where one is connected', () => {
  assert.equal(read({}).questionRewriting, 'off');
  assert.match(problemsOf({ QUESTION_REWRITING: 'model' }).join(), /^QUESTION_REWRITING: .*expected off/);
  assert.deepEqual(problemsOf({ QUESTION_REWRITING: 'model', GROQ_API_KEY: 'k' }), []);
});

test('prices and further models are lists; what is no price is refused', () => {
  const given = { LLM_PRICES: 'a=0.5/2, vendor/b:free=0/0', LLM_MODELS: 'b, c,', GROQ_API_KEY: 'gsk_x' };
  const config = read(given);
  assert.deepEqual(
    [...config.llmPrices],
    [
      ['a', { input: 0.5, output: 2 }],
      ['vendor/b:free', { input: 0, output: 0 }],
    ],
  );
  assert.deepEqual(config.llmModels, ['b', 'c']);
  for (const prices of ['a', 'a=1', 'a=1/x', '=1/2', 'a=1/2;b=1/2', 'a=-1/2'])
    assert.match(problemsOf({ LLM_PRICES: prices })[0] ?? '', /^LLM_PRICES: .*model=input\/output/, prices);
});

test('a fallback, its key and further models need what they belong to', () => {
  const fallback = { LLM_FALLBACK_BASE_URL: 'http://x/v1', LLM_FALLBACK_MODEL: 'm' };
  assert.match(problemsOf(fallback)[0] ?? '', /^LLM_FALLBACK_BASE_URL: .*could stand in for/);
  assert.deepEqual(problemsOf({ ...fallback, GROQ_API_KEY: 'gsk_x' }), []);
  assert.match(problemsOf({ LLM_FALLBACK_API_KEY: 'k' })[0] ?? '', /^LLM_FALLBACK_API_KEY: given without/);
  assert.match(problemsOf({ LLM_MODELS: 'm' })[0] ?? '', /^LLM_MODELS: given, but neither/);
});

test('a weak SECRET_KEY is refused when other machines can reach the server', () => {
  const weak = [
    'short',
    strongKey.slice(1),
    'x'.repeat(64),
    'django-insecure-kT7_2vQmZr9xWc4LhNf8yBd3',
    'please-CHANGEME-kT7_2vQmZr9xWc4LhNf8yBd3',
    'your-secret-key-here-your-secret-key-here',
  ];
  for (const host of ['0.0.0.0', '::', '192.168.1.5', 'lectern.lan']) {
    for (const key of weak) {
      assert.match(problemsOf({ HOST: host, SECRET_KEY: key }).join(), /^SECRET_KEY: the one given/, key);
    }
    assert.deepEqual(problemsOf({ HOST: host, SECRET_KEY: strongKey }), []);
    assert.deepEqual(problemsOf({ HOST: host }), []);
  }
});

test('a weak SECRET_KEY is accepted on a loopback address', () => {
  for (const host of ['127.0.0.1', '127.5.0.1', '::1', 'localhost', 'LOCALHOST']) {
    assert.equal(read({ HOST: host, SECRET_KEY: 'short' }).secretKey, 'short');
  }
});

test('a .env file is read, and the real environment wins', async context => {
  const envFile = await envFileWith(context, '# ours\nPORT=9000\nTOP_K="7"\nGROQ_MODEL=from-file\n');
  const config = readConfig({ PORT: '9001', GROQ_MODEL: '' }, { envFile });
  assert.equal(config.port, 9001);
  assert.equal(config.topK, 7);
  assert.equal(config.groqModel, 'from-file');
});

test('problems in a .env file are reported like others', async context => {
  const envFile = await envFileWith(context, 'PORT=many\nLECTERN_ROLES=api\n');
  assert.throws(() => readConfig({}, { envFile }), /LECTERN_ROLES: no such setting[\s\S]*PORT: "many"/);
});

test('a .env that is no readable file stops the start, a missing one does not', async context => {
  const envFile = await envFileWith(context, '');
  assert.throws(() => readConfig({}, { envFile: join(envFile, '..') }), StartError);
  assert.doesNotThrow(() => readConfig({}, { envFile: `${envFile}.none` }));
});

test('the embedded database has one process for all', () => {
  const [problem, ...others] = problemsOf({ LECTERN_ROLE: 'worker' });
  assert.match(problem ?? '', /^LECTERN_ROLE: worker was given; expected all, because without DATABASE_URL/);
  assert.deepEqual(others, []);
  const native = { LECTERN_ROLE: 'worker', DATABASE_URL: 'postgres://lectern:s@db/lectern' };
  assert.equal(read(native).role, 'worker');
  assert.equal(read({}).role, 'all');
});
