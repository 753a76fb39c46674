import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import config from './vite.config.ts';

test('while developing, the page’s own sources are Vite’s to answer and the API is the server’s', () => {
  const rules = Object.keys(config.server?.proxy ?? {}).map(rule => new RegExp(rule));
  const isProxied = (url: string) => rules.some(rule => rule.test(url));
  const sources = readdirSync(join(import.meta.dirname, 'api'));
  assert.ok(sources.length > 0);
  for (const source of sources)
    for (const url of [`/api/${source}`, `/api/${source}?t=1700000000000`]) assert.ok(!isProxied(url), url);
  for (const url of [
    '/api/health/',
    '/api/document/12/',
    '/api/session/?limit=5',
    '/api/document/?name=a.ts',
  ])
    assert.ok(isProxied(url), url);
});
