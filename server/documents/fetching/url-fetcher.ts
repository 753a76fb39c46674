import { DocumentError, UnavailableError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';
import { createAllowedHosts, webPorts } from './allowed-hosts.ts';
import { checkUrl, parseUrl, type UrlRules } from './check-url.ts';
import { createDeadline } from './deadline.ts';
import { findRedirect } from './find-redirect.ts';
import { parseMediaType } from './media-type.ts';
import { nameFile } from './name-file.ts';
import { readBody } from './read-body.ts';
import { type Page, requestPage } from './request-page.ts';
import { type AddressRules, type Lookup, resolveHost, systemLookup } from './resolve-host.ts';

type FetchedFile = {
  /** Clean, and with an ending that fits the media type. */
  filename: string;
  /** In lower case and without parameters, as the server says: it may be wrong. */
  mediaType: string | undefined;
  charset: string | undefined;
  /** Where the redirects have led. */
  finalUrl: string;
  /** The file, unpacked and at most `maxBytes` long. Throws DocumentError when it is longer or breaks off. */
  body: AsyncIterable<Uint8Array>;
  /** Ends the connection; reading the body to its end, or leaving it, does too. */
  close(): Promise<void>;
};

export type UrlFetcher = {
  /**
   * Asks for a page or a file. Its body is read as the caller reads it; all of it counts against the time limit.
   *
   * @throws RequestError invalid_request; DocumentError url_not_allowed, url_unreachable (no answer), url_failed
   *   (an answer without a file), document_too_large; or the signal's reason.
   */
  fetchUrl(url: string, signal?: AbortSignal): Promise<FetchedFile>;
  /** Ends all that is being fetched. */
  close(): void;
};

type UrlFetcherOptions = {
  readonly maxBytes: number;
  /** From the first look-up to the last byte. */
  timeoutMs: number;
  maxRedirects?: number;
  /** ALLOWED_URL_HOSTS */
  allowedHosts?: readonly string[];
  ports?: readonly number[];
  /** Opens addresses that are not public, for tests. */
  allowAddress?: (address: string) => boolean;
  lookup?: Lookup;
  logger?: Logger;
};

type Rules = UrlRules & AddressRules & { maxRedirects: number; connectMs: number };

const LONGEST_CONNECT_MS = 10_000;

/** Only these come with a whole file; 206 has a part, 202 a promise. */
const successes = [200, 203];

/**
 * Fetches what a person names, without becoming their way into this network (server-side request forgery): every
 * host, the first one and that of each redirect, must have public addresses only, and those very addresses are
 * connected to.
 */
export function createUrlFetcher(options: UrlFetcherOptions): UrlFetcher {
  const { timeoutMs, maxRedirects = 5, ports = webPorts, lookup = systemLookup, logger } = options;
  const rules: Rules = {
    ports,
    lookup,
    maxRedirects,
    connectMs: Math.min(timeoutMs, LONGEST_CONNECT_MS),
    isAllowedHost: createAllowedHosts(options.allowedHosts ?? []),
    allowAddress: options.allowAddress,
    onRefused: (host, address) =>
      logger?.warn({ event: 'url-refused', host, address }, 'a URL that is not public was refused'),
  };
  const closing = new AbortController();
  return {
    async fetchUrl(text, signal) {
      const given = parseUrl(text);
      const deadline = createDeadline(timeoutMs, [closing.signal, ...(signal ? [signal] : [])], () =>
        tookTooLong(given, timeoutMs),
      );
      try {
        const { url, page } = await followRedirects(given, rules, deadline.signal);
        // The limit may change while the server runs.
        return toFile(url, page, { maxBytes: options.maxBytes, deadline });
      } catch (error) {
        deadline.end();
        throw error;
      }
    },
    close: () => closing.abort(new UnavailableError('shutting_down', 'Lectern is shutting down.')),
  };
}

async function followRedirects(
  given: URL,
  rules: Rules,
  signal: AbortSignal,
): Promise<{ url: URL; page: Page }> {
  let url = checkUrl(given, rules);
  for (let redirects = 0; ; redirects += 1) {
    const addresses = await resolveHost(url, rules, signal);
    const page = await requestPage(url, { addresses, connectMs: rules.connectMs, signal });
    try {
      const target = findRedirect(url, page);
      if (!target) return { url, page: refuseFailure(url, page) };
      if (redirects === rules.maxRedirects)
        throw new DocumentError('url_failed', `"${given.host}" redirects more than ${redirects} times.`);
      url = checkUrl(target, rules);
    } catch (error) {
      await page.close();
      throw error;
    }
    await page.close();
  }
}

function refuseFailure(url: URL, page: Page): Page {
  if (successes.includes(page.statusCode)) return page;
  throw new DocumentError('url_failed', `"${url.host}" answers with status ${page.statusCode}.`, {
    extra: { status: page.statusCode },
  });
}

type Deadline = ReturnType<typeof createDeadline>;

async function toFile(
  url: URL,
  page: Page,
  { maxBytes, deadline }: { maxBytes: number; deadline: Deadline },
): Promise<FetchedFile> {
  const close = async () => {
    deadline.end();
    await page.close();
  };
  const header = (name: string) => [page.headers[name]].flat().join(', ') || undefined;
  try {
    const body = readBody(page.body, {
      host: url.host,
      contentEncoding: header('content-encoding'),
      contentLength: header('content-length'),
      maxBytes,
      signal: deadline.signal,
    });
    const { mediaType, charset } = parseMediaType(header('content-type'));
    const filename = nameFile(url, { contentDisposition: header('content-disposition'), mediaType });
    return { filename, mediaType, charset, finalUrl: url.href, body: closeAtEnd(body, close), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* closeAtEnd(
  body: AsyncIterable<Uint8Array>,
  close: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } finally {
    await close();
  }
}

function tookTooLong(url: URL, timeoutMs: number): DocumentError {
  return new DocumentError(
    'url_unreachable',
    `Fetching from "${url.host}" was given up after ${timeoutMs / 1000} seconds.`,
  );
}
