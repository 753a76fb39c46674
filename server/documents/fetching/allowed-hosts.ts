type AllowedHost = { host: string; ofDomain: boolean; port: number | undefined };

/** Where pages usually are. Elsewhere listens what was never meant to be asked by a stranger. */
export const webPorts: readonly number[] = [80, 443, 8080, 8443];

/**
 * Of ALLOWED_URL_HOSTS: `wiki`, `.example.com` (all below it), `10.0.0.5`, `[fd12::1]`, each with a port when it
 * is not one of the usual ones.
 *
 * @returns whether a URL's host and port are listed.
 */
export function createAllowedHosts(entries: readonly string[]): (url: URL) => boolean {
  const allowed = entries.map(parseEntry).filter(entry => entry !== undefined);
  return url =>
    allowed.some(
      ({ host, ofDomain, port }) =>
        (ofDomain ? url.hostname.endsWith(`.${host}`) : url.hostname === host) &&
        (port === undefined ? webPorts.includes(portOf(url)) : portOf(url) === port),
    );
}

export function portOf(url: URL): number {
  return Number(url.port || (url.protocol === 'https:' ? 443 : 80));
}

/** In the spelling of `URL`, so that hosts can be compared. */
function parseEntry(entry: string): AllowedHost | undefined {
  const ofDomain = entry.startsWith('.');
  const isBareIpv6 = !entry.startsWith('[') && entry.split(':').length > 2;
  const authority = isBareIpv6 ? `[${entry}]` : entry.slice(ofDomain ? 1 : 0);
  if (!URL.canParse(`http://${authority}`)) return undefined;
  // `URL` leaves a scheme's own port out: with another scheme 80 stays.
  const port = new URL(`https://${authority}`).port || (authority.endsWith(':443') ? '443' : '');
  return { host: new URL(`http://${authority}`).hostname, ofDomain, port: port ? Number(port) : undefined };
}
