import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ask, type Client, createSession, upload } from '../api-client.ts';
import { createFolder } from '../cli/run-lectern.ts';
import { copyEmbeddedCluster } from '../database-templates/embedded-template.ts';
import { answer, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { type LecternProcess, startLectern } from '../lectern-process.ts';
import { startTraceSink } from './trace-sink.ts';

const folder = await createFolder();
const sink = await startTraceSink();
const model = await startFakeLanguageModel({ defaultBehaviour: answer('It was built in 1874 [1].') });
after(async () => {
  sink.close();
  await model.close();
  await folder.remove();
});

const secretText = 'The lighthouse was built in 1874.';

async function work(lectern: LecternProcess): Promise<void> {
  const url = await lectern.baseUrl();
  const client: Client = { fetch: (path, init) => fetch(`${url}${path}`, init) };
  await upload(client, secretText, 'lighthouse.txt');
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
  const traced: Client = {
    fetch: (path, init) => client.fetch(path, { ...init, headers: { ...init?.headers, traceparent } }),
  };
  await ask(traced, await createSession(client), 'When was the lighthouse built?');
}

test('a request, its search, its model call and an ingestion become spans below each other', async () => {
  await copyEmbeddedCluster(folder.path);
  const lectern = startLectern({
    LECTERN_DATA_DIR: folder.path,
    PORT: '0',
    LLM_BASE_URL: model.baseUrl,
    LLM_MODEL: 'fake-model',
    OTEL_EXPORTER_OTLP_ENDPOINT: `${sink.url}/`,
    OTEL_SERVICE_NAME: 'lectern-under-test',
  });
  await work(lectern);
  assert.equal(await lectern.kill('SIGTERM'), 0);
  const { spans } = sink;
  const byName = (name: string) => {
    const found = spans.find(span => span.name === name);
    assert.ok(found, `${name} is not among ${[...new Set(spans.map(span => span.name))].join(', ')}`);
    return found;
  };
  const parentOf = (name: string) => spans.find(({ spanId }) => spanId === byName(name).parentSpanId)?.name;
  const request = byName('POST /api/chat/');
  assert.equal(request.traceId, '0af7651916cd43dd8448eb211c80319c');
  assert.equal(request.parentSpanId, 'b7ad6b7169203331');
  assert.equal(parentOf('retrieval'), 'POST /api/chat/');
  for (const step of ['scope', 'embedding', 'lexical', 'vector', 'fusion', 'choosing'])
    assert.ok(
      spans.some(({ name, parentSpanId }) => name === step && parentSpanId === byName('retrieval').spanId),
      step,
    );
  assert.equal(byName('chat fake-model').traceId, request.traceId);
  for (const stage of ['reading', 'saving', 'publishing']) assert.equal(parentOf(stage), 'ingestion');
  assert.match(JSON.stringify(sink.resources), /lectern-under-test/);
  assert.doesNotMatch(JSON.stringify(spans), /lighthouse|1874/);
});

test('without the setting nothing is sent, and nothing of it is loaded', async () => {
  const count = sink.spans.length;
  const lectern = startLectern({
    LECTERN_DATA_DIR: folder.path,
    PORT: '0',
    SKIP_MODEL_LOADING: 'true',
    NODE_DEBUG: 'esm',
  });
  await lectern.baseUrl();
  assert.equal(await lectern.kill('SIGTERM'), 0);
  assert.equal(sink.spans.length, count);
  const loaded = lectern.output().match(/Translating \w+ file:\S+/g) ?? [];
  assert.ok(loaded.some(line => line.includes('/node_modules/fastify/')));
  const unwanted = /\/node_modules\/(prom-client|@opentelemetry\/(sdk|exporter|resources))/;
  assert.deepEqual(
    loaded.filter(line => unwanted.test(line)),
    [],
  );
});
