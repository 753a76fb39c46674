import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

/** A certificate that vouches for itself, made by openssl. */
export async function makeCertificate(folder: string, name: string) {
  const [certificate, key] = [join(folder, `${name}.pem`), join(folder, `${name}.key`)];
  const subject = [
    '-subj',
    `/CN=${name}`,
    '-addext',
    `subjectAltName=DNS:${name},DNS:localhost,IP:127.0.0.1`,
  ];
  const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  await promisify(execFile)('openssl', [
    'req',
    '-x509',
    ...kind,
    ...subject,
    '-keyout',
    key,
    '-out',
    certificate,
  ]);
  return { certificate, key, pem: await readFile(certificate) };
}

type Answer = { status: number; headers: Record<string, unknown>; body: string; pieces: number[] };

/** Over a connection of its own, which trusts `ca` only; `pieces` are the times at which something of the body came. */
export async function requestSecurely(
  url: string,
  ca: Buffer,
  {
    method = 'GET',
    body,
    headers = {},
  }: { method?: string; body?: string; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const sent = request(url, { method, ca, agent: false, servername: 'localhost', headers });
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  sent.on('error', reject);
  sent.on('response', async response => {
    const pieces: number[] = [];
    response.on('data', () => pieces.push(performance.now()));
    const whole = await text(response);
    resolve({ status: response.statusCode ?? 0, headers: response.headers, body: whole, pieces });
  });
  sent.end(body);
  return promise;
}
