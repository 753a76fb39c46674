import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { alive, health } from '../../contract/health.ts';
import { createSession, expectError, expectJson, postFile, postQuestion } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { onEachDatabase } from '../on-each-database.ts';

onEachDatabase('operations', (createApp, { kind }) => {
  let app: TestApp;
  let skipped: TestApp;
  before(async () => {
    app = await createApp();
    skipped = await createApp({ env: { SKIP_MODEL_LOADING: 'true', GROQ_API_KEY: 'gsk_no_real_key' } });
    skipped.log.expectErrors(/"code":"embedding_model_unavailable"/);
  });

  test('health has the fixed fields, with and without the trailing slash', async () => {
    for (const path of ['/api/health/', '/api/health']) {
      const { version, ...rest } = health.parse(await expectJson(await app.fetch(path), 200));
      assert.match(version, /^\d+\.\d+\.\d+/);
      assert.deepEqual(rest, {
        status: 'healthy',
        database: 'connected',
        embedding_service: 'loaded',
        embedding_dim: 384,
        groq_api_configured: false,
        database_kind: kind,
        answers: 'quoted',
        language_model: null,
      });
    }
  });

  test('livez and readyz say ok', async () => {
    for (const path of ['/livez', '/readyz', '/readyz/'])
      assert.equal(alive.parse(await expectJson(await app.fetch(path), 200)).status, 'ok');
  });

  test('without an embedding model health, sessions and lists work', async () => {
    const found = health.parse(await expectJson(await skipped.fetch('/api/health/'), 200));
    assert.equal(found.embedding_service, 'skipped');
    assert.equal(found.embedding_dim, null);
    assert.equal(found.groq_api_configured, true);
    await createSession(skipped);
    for (const path of ['/api/session/', '/api/document/', '/', '/api/docs/'])
      await (await skipped.fetch(path)).arrayBuffer().then(body => assert.ok(body.byteLength > 20, path));
  });

  test('without an embedding model an upload and a question get 503 with the reason, and save nothing', async () => {
    const sessionId = await createSession(skipped);
    for (const response of [
      await postFile(skipped, 'A text.'),
      await postQuestion(skipped, sessionId, 'Why?'),
    ]) {
      const { message } = await expectError(response, 503, 'embedding_model_unavailable');
      assert.match(message, /SKIP_MODEL_LOADING/);
    }
    const { messages } = (await (await skipped.fetch(`/api/session/${sessionId}/`)).json()) as {
      messages: [];
    };
    assert.deepEqual(messages, []);
    const { documents } = (await (await skipped.fetch('/api/document/')).json()) as { documents: [] };
    assert.deepEqual(documents, []);
  });

  test('the OpenAPI document lists every route with its errors, and no schema is left open', async () => {
    type Operation = { responses: Record<string, unknown>; summary?: string };
    const openapi = (await expectJson(await app.fetch('/api/openapi.json'), 200)) as {
      openapi: string;
      paths: Record<string, Record<string, Operation>>;
    };
    assert.match(openapi.openapi, /^3\.1/);
    const routes = Object.entries(openapi.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map(method => `${method} ${path.replace(/(?<=.)\/$/, '')}`),
    );
    const expected = [
      'post /api/session/create',
      'get /api/session',
      'get /api/session/{id}',
      'delete /api/session/{id}',
      'get /api/session/{id}/messages',
      'post /api/document',
      'get /api/document',
      'get /api/document/{id}',
      'delete /api/document/{id}',
      'post /api/chat',
      'get /api/health',
      'get /livez',
      'get /readyz',
    ];
    assert.deepEqual(
      expected.filter(route => !routes.includes(route)),
      [],
    );
    // Signing in with another provider begins and ends with a redirect.
    for (const [path, methods] of Object.entries(openapi.paths))
      for (const [method, { summary, responses }] of Object.entries(methods))
        assert.ok(
          summary && Object.keys(responses).some(status => /^[23]\d\d$/.test(status)),
          `${method} ${path}`,
        );
  });

  test('the page at /api/docs/ loads everything from this server', async () => {
    const page = await app.fetch('/api/docs/');
    assert.equal(page.status, 200);
    const html = await page.text();
    const references = [...html.matchAll(/\b(?:src|href)=["']([^"']+)["']/g)].map(match => match[1] ?? '');
    assert.ok(references.length >= 3);
    for (const reference of references) {
      const url = new URL(reference, `${app.baseUrl}/api/docs/`);
      assert.equal(url.origin, app.baseUrl, reference);
      const part = await fetch(url);
      assert.equal(part.status, 200, reference);
      await part.arrayBuffer();
    }
    const initializer = await (await app.fetch('/api/docs/static/swagger-initializer.js')).text();
    assert.doesNotMatch(initializer.replaceAll(/\/\/ .*$/gm, ''), /https?:\/\//, 'outside comments');
    assert.doesNotMatch(html, /<(?:script|link|img|iframe)[^>]*https?:\/\//);
  });
});
