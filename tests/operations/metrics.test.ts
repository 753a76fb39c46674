import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { ask, createSession, search, upload } from '../api-client.ts';
import type { TestApp } from '../create-test-app.ts';
import { answer, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { onEachDatabase } from '../on-each-database.ts';
import { waitUntil } from '../wait-until.ts';

const dashboard = z.object({
  panels: z
    .array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })).min(1) }))
    .min(10),
});

/** Lines of the text format: name{labels} value. */
const read = async (app: TestApp) => {
  const response = await app.fetch('/metrics');
  assert.equal(response.status, 200);
  assert.match(response.headers.get('content-type') ?? '', /^text\/plain; version=0\.0\.4/);
  return response.text();
};
const figure = (text: string, name: string, labels = '') => {
  const line = text.split('\n').find(one => one.startsWith(`${name}${labels && `{${labels}}`} `));
  return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
};

onEachDatabase('metrics', createApp => {
  let app: TestApp;
  let model: Awaited<ReturnType<typeof startFakeLanguageModel>>;
  before(async () => {
    model = await startFakeLanguageModel();
    app = await createApp({ languageModelUrl: model.baseUrl });
    await read(app);
  });
  after(() => model.close());

  test('count requests by their route, answers, tokens, searches and documents', async () => {
    model.script(answer('It was built in 1874 [1].'));
    await upload(app, 'The lighthouse was built in 1874.', 'lighthouse.txt');
    await ask(app, await createSession(app), 'When was the lighthouse built?');
    await search(app, 'lighthouse');
    await app.fetch('/api/document/123456/');
    const text = await read(app);
    const requests = (labels: string) => figure(text, 'lectern_http_request_duration_seconds_count', labels);
    assert.equal(requests('method="POST",route="/api/chat/",status="200"'), 1);
    assert.equal(requests('method="GET",route="/api/document/:id/",status="404"'), 1);
    assert.doesNotMatch(text, /123456/);
    assert.doesNotMatch(text, /route="\/metrics"/);
    assert.equal(figure(text, 'lectern_answers_saved_total'), 1);
    assert.equal(figure(text, 'lectern_answers_running'), 0);
    assert.equal(figure(text, 'lectern_documents_processed_total'), 1);
    assert.equal(figure(text, 'lectern_documents', 'state="ready"'), 1);
    assert.equal(figure(text, 'lectern_ingestion_jobs', 'state="waiting"'), 0);
    assert.equal(
      figure(
        text,
        'lectern_language_model_call_duration_seconds_count',
        'model="fake-model",outcome="finished"',
      ),
      1,
    );
    assert.ok(
      (figure(text, 'lectern_language_model_tokens_total', 'model="fake-model",type="prompt"') ?? 0) > 10,
    );
    assert.ok((figure(text, 'lectern_retrieval_step_duration_seconds_count', 'step="lexical"') ?? 0) >= 2);
    // The embedded database has one, which saves something now and then.
    await waitUntil(
      'a connection is idle',
      async () => (figure(await read(app), 'lectern_database_connections', 'state="idle"') ?? 0) >= 1,
    );
  });

  test('that the dashboard shows all exist', async () => {
    const text = await read(app);
    const { panels } = dashboard.parse(
      JSON.parse(await readFile(new URL('../../deploy/grafana/lectern.json', import.meta.url), 'utf8')),
    );
    const names = panels.flatMap(({ targets }) =>
      targets.flatMap(({ expr }) => expr.match(/\b(?:lectern|process|nodejs)_\w+/g) ?? []),
    );
    assert.ok(names.length >= panels.length);
    for (const name of names) assert.match(text, new RegExp(`^${name}(\\{| )`, 'm'));
    // And whatever is measured can be seen.
    const measured = [...text.matchAll(/^# TYPE (lectern_\w+)/gm)].map(([, name = '']) => name);
    for (const name of measured)
      assert.ok(
        names.some(one => one.startsWith(name)),
        `${name} is on no panel`,
      );
  });
});
