import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/* Requests that fetch refuses to send. */

export type RawOptions = {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
};

export async function sendRaw(
  url: string,
  { method = 'GET', headers = {}, body }: RawOptions,
): Promise<Response> {
  const outgoing = openRequest(url, { method, headers });
  const arrived = responseOf(outgoing);
  outgoing.end(body);
  const incoming = await arrived;
  const received = new Headers();
  for (const [name, value] of Object.entries(incoming.headers)) received.set(name, String(value));
  return new Response(await text(incoming), { status: incoming.statusCode ?? 0, headers: received });
}

/** A request whose body the caller writes. */
export function openRequest(url: string, { method = 'GET', headers = {} }: RawOptions): ClientRequest {
  return request(url, { method, headers, agent: false });
}

function responseOf(outgoing: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
  });
}

const BOUNDARY = 'lectern-test-boundary';

/** A multipart body with one file, its name as it stands. */
export function multipartFile(filename: string, content: string | Buffer) {
  const head = `--${BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="${filename}"\r\nContent-Type: text/plain\r\n\r\n`;
  return {
    headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
    body: Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from(`\r\n--${BOUNDARY}--\r\n`)]),
  };
}
