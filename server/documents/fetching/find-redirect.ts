import { DocumentError } from '../../errors.ts';
import { decodeHeader } from './decode-header.ts';
import type { Page } from './request-page.ts';

const redirections = [301, 302, 303, 307, 308];

/**
 * Where a page sends its reader, not yet checked; undefined when it sends them nowhere.
 *
 * @throws DocumentError url_failed, url_not_allowed.
 */
export function findRedirect(url: URL, { statusCode, headers }: Page): URL | undefined {
  const location = [headers.location].flat()[0];
  if (!redirections.includes(statusCode) || location === undefined) return undefined;
  const target = URL.parse(decodeHeader(location), url.href);
  if (!target)
    throw new DocumentError('url_failed', `"${url.host}" redirects to something that is no web address.`);
  // What was asked for over a connection that proves who answers must not come over one that anybody can change.
  if (url.protocol === 'https:' && target.protocol === 'http:')
    throw new DocumentError(
      'url_not_allowed',
      `"${url.host}" redirects from https:// to http://, which proves nothing of who answers.`,
    );
  return target;
}
