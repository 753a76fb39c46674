import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readConfig } from '../config.ts';
import { StartError } from '../errors.ts';
import { createReranker } from './create-reranker.ts';

const start = (env: Record<string, string>) =>
  createReranker(readConfig(env, { envFile: '' }), async () => {
    throw new Error('no tokenizer is needed');
  });

test('there is no reranker unless one is configured, nor where models are not loaded', async () => {
  assert.equal(await start({}), undefined);
  assert.equal(await start({ RERANKER_MODEL_PATH: '/nowhere', SKIP_MODEL_LOADING: '1' }), undefined);
});

test('an address makes an endpoint, which is not asked before the first question', async () => {
  const reranker = await start({ RERANKER_BASE_URL: 'http://127.0.0.1:1', RERANKER_MODEL: 'm' });
  assert.equal(reranker?.modelName, 'm');
});

test('a folder without a model stops the start', async () => {
  await assert.rejects(start({ RERANKER_MODEL_PATH: '/nowhere' }), StartError);
});
