import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createFolder } from '../cli/run-lectern.ts';
import { copyEmbeddedCluster } from '../database-templates/embedded-template.ts';
import { type LecternProcess, startLectern } from '../lectern-process.ts';
import { waitUntil } from '../wait-until.ts';
import { makeCertificate, requestSecurely } from './certificates.ts';

const folder = await createFolder();
const files = { TLS_CERT: join(folder.path, 'cert.pem'), TLS_KEY: join(folder.path, 'key.pem') };
const settings = { LECTERN_DATA_DIR: folder.path, PORT: '0', SKIP_MODEL_LOADING: 'true', ...files };
let lectern: LecternProcess;
const use = async ({ certificate, key }: { certificate: string; key: string }) => {
  await copyFile(certificate, files.TLS_CERT);
  await copyFile(key, files.TLS_KEY);
};
before(() => copyEmbeddedCluster(folder.path));
after(async () => {
  await lectern?.kill('SIGKILL');
  await folder.remove();
});

test('HTTPS is served with the certificate, and after SIGHUP with the one that is there then', async () => {
  const first = await makeCertificate(folder.path, 'first.example');
  const second = await makeCertificate(folder.path, 'second.example');
  await use(first);
  lectern = startLectern(settings);
  const url = await lectern.baseUrl();
  assert.match(url, /^https:\/\/127\.0\.0\.1:\d+$/);
  const { status, headers } = await requestSecurely(`${url}/livez`, first.pem);
  assert.equal(status, 200);
  assert.match(String(headers['strict-transport-security']), /^max-age=\d+/);
  const origin = { origin: url, 'content-type': 'application/json' };
  const created = await requestSecurely(`${url}/api/session/create/`, first.pem, {
    method: 'POST',
    headers: origin,
  });
  assert.equal(created.status, 201, created.body);
  await assert.rejects(fetch(url.replace('https:', 'http:')));

  await writeFile(files.TLS_CERT, 'broken');
  lectern.child.kill('SIGHUP');
  await waitUntil('it says so', () => lectern.output().includes('the one before stays'));
  assert.equal((await requestSecurely(`${url}/livez`, first.pem)).status, 200);

  await use(second);
  lectern.child.kill('SIGHUP');
  await waitUntil('it is read', () => lectern.output().includes('the certificate was read again'));
  assert.equal((await requestSecurely(`${url}/livez`, second.pem)).status, 200);
  await assert.rejects(requestSecurely(`${url}/livez`, first.pem), /self-signed certificate/);
  assert.equal(await lectern.kill('SIGTERM'), 0);
});

test('a certificate without its key, or with another one, is refused with a sentence', async () => {
  const [first, second] = [await makeCertificate(folder.path, 'a'), await makeCertificate(folder.path, 'b')];
  const refused = async (env: Record<string, string>) => {
    const process = startLectern({
      LECTERN_DATA_DIR: folder.path,
      PORT: '0',
      SKIP_MODEL_LOADING: 'true',
      ...env,
    });
    const limit = setTimeout(() => process.child.kill('SIGKILL'), 30_000);
    assert.equal(await process.ended, 1, process.output());
    clearTimeout(limit);
    return process.output();
  };
  assert.match(
    await refused({ TLS_CERT: first.certificate }),
    /TLS_KEY: not given; expected the path of a file/,
  );
  const mixed = await refused({ TLS_CERT: first.certificate, TLS_KEY: second.key });
  assert.match(mixed, /Lectern can't start\.\nTLS_CERT and TLS_KEY can't be used: .*key values mismatch/);
});
