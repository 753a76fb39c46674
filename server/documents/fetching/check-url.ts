import { DocumentError, RequestError } from '../../errors.ts';
import { portOf } from './allowed-hosts.ts';

/** The limits of what may be asked for, before any name is looked up. */
export type UrlRules = {
  ports: readonly number[];
  /** Hosts of the own network that may be asked all the same. */
  isAllowedHost: (url: URL) => boolean;
};

/** Names that by themselves say that they are not of the internet (RFC 6761, RFC 6762, ICANN's .internal). */
const innerName = /(^|\.)(localhost|localdomain|local|internal|home\.arpa)$/;

/** What a person gave, as a URL in its one spelling. @throws RequestError when it is none. */
export function parseUrl(text: string): URL {
  if (!URL.canParse(text))
    throw new RequestError(
      'invalid_request',
      'The url is not a web address, such as https://example.com/page.',
    );
  return new URL(text);
}

/**
 * The URL as it is asked for: without dots at the end of the host and without fragment. `URL` itself has undone
 * all other disguises: 0x7f.1, 2130706433, percent-encoded and full-width digits are 127.0.0.1 by now.
 *
 * @throws DocumentError url_not_allowed.
 */
export function checkUrl(given: URL, { ports, isAllowedHost }: UrlRules): URL {
  if (given.protocol !== 'http:' && given.protocol !== 'https:')
    throw notAllowed(`Lectern fetches http:// and https:// addresses only, not ${given.protocol}`);
  if (given.username !== '' || given.password !== '')
    throw notAllowed('The URL carries a user name or a password. Lectern fetches public pages only.');
  const url = new URL(given);
  url.hostname = url.hostname.replace(/\.+$/, '');
  url.hash = '';
  if (isAllowedHost(url)) return url;
  if (!ports.includes(portOf(url)))
    throw notAllowed(`Lectern fetches from the ports ${ports.join(', ')} only, not from ${portOf(url)}.`);
  if (innerName.test(url.hostname)) throw notPublic(url);
  return url;
}

/** Says nothing of what was found behind the name: whoever asks may be looking around in this network. */
export function notPublic(url: URL): DocumentError {
  return notAllowed(
    `"${url.hostname}" is not a public address. Hosts of your own network have to be listed in ALLOWED_URL_HOSTS.`,
  );
}

function notAllowed(message: string): DocumentError {
  return new DocumentError('url_not_allowed', message);
}
