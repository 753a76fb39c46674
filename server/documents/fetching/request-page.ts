import type { LookupFunction } from 'node:net';
import type { Dispatcher } from 'undici';
import { DocumentError } from '../../errors.ts';
import { untilAborted } from '../../until-aborted.ts';
import { version } from '../../version.ts';
import type { HostAddress } from './resolve-host.ts';

export type Page = Pick<Dispatcher.ResponseData, 'statusCode' | 'headers' | 'body'> & {
  /** Ends the connection. */
  close(): Promise<void>;
};

type RequestOptions = {
  /** The only addresses that are connected to, whatever the name leads to by now. */
  addresses: HostAddress[];
  connectMs: number;
  signal: AbortSignal;
};

const MOST_HEADER_BYTES = 32 * 1024;

/** Nothing of whoever asks: no cookies, no referer, and a client of its own knows of no proxy. */
const headers = {
  'user-agent': `Lectern/${version}`,
  accept: 'text/html, application/xhtml+xml, application/pdf, text/plain, */*;q=0.8',
  'accept-encoding': 'gzip, br',
};

/**
 * Asks one server once. The connection is this request's own: one that is kept could be shared with a name that
 * was checked for another address.
 *
 * @throws DocumentError url_unreachable, or the signal's reason.
 */
export async function requestPage(url: URL, { addresses, connectMs, signal }: RequestOptions): Promise<Page> {
  // Loaded by whoever fetches pages at all.
  const { Client } = await import('undici');
  const client = new Client(url.origin, {
    connect: { timeout: connectMs, lookup: pinTo(addresses) },
    autoSelectFamily: true,
    // The deadline for the whole is in the signal.
    headersTimeout: 0,
    bodyTimeout: 0,
    maxHeaderSize: MOST_HEADER_BYTES,
    allowH2: false,
  });
  try {
    const path = url.pathname + url.search;
    const pending = client.request({ method: 'GET', path, headers, signal, reset: true });
    // A connection that is still being made doesn't listen to the signal.
    const { statusCode, headers: received, body } = await untilAborted(pending, signal);
    body.on('error', () => {}); // Told to whoever reads it; there may be nobody.
    return { statusCode, headers: received, body, close: () => client.destroy() };
  } catch (error) {
    await client.destroy();
    signal.throwIfAborted();
    throw new DocumentError('url_unreachable', `There is no answer from "${url.host}"${reasonOf(error)}.`, {
      cause: error,
    });
  }
}

/** Answers the connection's own look-up with what was checked: the name can't lead elsewhere in between. */
function pinTo(addresses: HostAddress[]): LookupFunction {
  return (_hostname, { all }, callback) => {
    const [first] = addresses;
    if (all) callback(null, addresses);
    else if (first) callback(null, first.address, first.family);
  };
}

/** Codes such as ECONNREFUSED or CERT_HAS_EXPIRED say it to those who know, and name no address. */
function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z0-9_]{3,60}$/.test(code) ? ` (${code})` : '';
}
