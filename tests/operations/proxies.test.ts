import assert from 'node:assert/strict';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { z } from 'zod';
import { createTestApp, type TestApp } from '../create-test-app.ts';
import { answer, type FakeLanguageModel, startFakeLanguageModel } from '../fakes/language-model-server.ts';
import { waitUntil } from '../wait-until.ts';
import { makeCertificate, requestSecurely } from './certificates.ts';

const deploy = (name: string) => readFile(new URL(`../../deploy/${name}`, import.meta.url), 'utf8');
/** Debian installs nginx where only administrators look. */
const env = { ...process.env, PATH: `${process.env.PATH}:/usr/sbin` };

/** Why there can be no such proxy; undefined when there can. */
function whyNo(program: 'nginx' | 'caddy'): string | undefined {
  try {
    execFileSync(program, [program === 'nginx' ? '-v' : 'version'], { stdio: 'ignore', env });
    return undefined;
  } catch {
    return `${program} is not installed (Debian and Ubuntu: apt-get install ${program})`;
  }
}
const missing = { nginx: whyNo('nginx'), caddy: whyNo('caddy') };
/** Without it the test is skipped, and fails in CI. */
const needs = (program: keyof typeof missing) => ({ skip: (!process.env.CI && missing[program]) || false });

let folder: string;
let app: TestApp;
let model: FakeLanguageModel;
let certificate: Awaited<ReturnType<typeof makeCertificate>>;
const proxies: ChildProcess[] = [];

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lectern-proxy-'));
  certificate = await makeCertificate(folder, 'lectern.example.com');
  model = await startFakeLanguageModel();
  app = await createTestApp(undefined, {
    languageModelUrl: model.baseUrl,
    env: { ALLOWED_HOSTS: 'lectern.example.com', SESSION_TITLES: 'question' },
  });
});
after(async () => {
  for (const proxy of proxies) proxy.kill('SIGTERM');
  await app?.close();
  await model?.close();
  await rm(folder, { recursive: true, force: true });
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}

/** Each replacement must find what it replaces, or the example has changed and the test no longer tests it. */
function adapt(text: string, replacements: [string, string][]): string {
  return replacements.reduce((adapted, [from, to]) => {
    assert.ok(adapted.includes(from), `${from} is not in the example`);
    return adapted.replaceAll(from, to);
  }, text);
}

/** What a browser does through the proxy: a session, and a question whose answer comes word by word. */
async function checkStream(port: number): Promise<void> {
  const base = `https://127.0.0.1:${port}`;
  const headers = {
    host: 'lectern.example.com',
    origin: 'https://lectern.example.com',
    'content-type': 'application/json',
  };
  const send = (path: string, body: object) =>
    requestSecurely(`${base}${path}`, certificate.pem, {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
    });
  await waitUntil('the proxy is there', () =>
    requestSecurely(`${base}/livez`, certificate.pem, { headers: { host: headers.host } }).then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
  const created = await send('/api/session/create/', {});
  assert.equal(created.status, 201, created.body);
  const { id } = z.object({ id: z.number() }).parse(JSON.parse(created.body));
  const words = 'Nothing of this stands in a document but it comes word by word.';
  model.script(answer(words, { tokensPerSecond: 8 }));
  await app.fetch('/api/document/', { method: 'POST', body: documentForm() });
  const answered = await send('/api/chat/', { session_id: id, message: 'What stands in the document?' });
  assert.equal(answered.status, 200, answered.body);
  assert.match(answered.body, /"type":"done"/);
  const [first = 0, last = 0] = [answered.pieces[0], answered.pieces.at(-1)];
  assert.ok(last - first > 700, `the events came within ${Math.round(last - first)} ms: they were held back`);
  assert.ok(answered.pieces.length >= 5, `${answered.pieces.length} pieces`);
}

function documentForm(): FormData {
  const form = new FormData();
  form.append('file', new Blob(['The document says what stands in it.'], { type: 'text/plain' }), 'a.txt');
  return form;
}

test('deploy/nginx.conf passes answers on as they come', needs('nginx'), async () => {
  assert.equal(missing.nginx, undefined);
  const [port, plain] = [await freePort(), await freePort()];
  const adapted = adapt(await deploy('nginx.conf'), [
    ['listen 80;', `listen 127.0.0.1:${plain};`],
    ['listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`],
    ['127.0.0.1:8001', new URL(app.baseUrl).host],
    ['/etc/ssl/lectern/fullchain.pem', certificate.certificate],
    ['/etc/ssl/lectern/privkey.pem', certificate.key],
  ]);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map(name => `${name}_temp_path ${folder}/${name};`)
    .join('\n');
  const path = join(folder, 'nginx.conf');
  await writeFile(
    path,
    `daemon off; pid ${folder}/nginx.pid; error_log stderr; worker_processes 1;
     events {} http { access_log off; ${temporary}\n${adapted}\n}`,
  );
  const args = ['-p', folder, '-c', path];
  execFileSync('nginx', ['-t', '-q', ...args], { stdio: 'pipe', env });
  proxies.push(spawn('nginx', args, { stdio: 'ignore', env }));
  await checkStream(port);
  const redirected = await fetch(`http://127.0.0.1:${plain}/x`, { redirect: 'manual' });
  assert.equal(redirected.status, 301);
});

test('deploy/Caddyfile passes answers on as they come', needs('caddy'), async () => {
  assert.equal(missing.caddy, undefined);
  const port = await freePort();
  const adapted = adapt(await deploy('Caddyfile'), [
    [
      '\nlectern.example.com {',
      `\nhttps://lectern.example.com:${port} {\n\ttls ${certificate.certificate} ${certificate.key}`,
    ],
    ['127.0.0.1:8001', new URL(app.baseUrl).host],
  ]);
  const path = join(folder, 'Caddyfile');
  await writeFile(
    path,
    `{\n\tadmin off\n\tauto_https disable_redirects\n\tdefault_sni lectern.example.com\n}\n${adapted}`,
  );
  const args = ['run', '--config', path, '--adapter', 'caddyfile'];
  const own = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
  proxies.push(spawn('caddy', args, { stdio: 'ignore', env: { ...env, ...own } }));
  await checkStream(port);
});
