import { InvalidArgumentError, Option } from 'commander';

/** `--server URL`, for the commands that are clients of the API. */
export function serverOption(): Option {
  return new Option(
    '--server <url>',
    'the server to talk to (else the one that runs on the data folder; else one is started for this command)',
  ).argParser(parseUrl);
}

function parseUrl(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  if (!url || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '' || url.hash !== '')
    throw new InvalidArgumentError('Expected an address like http://127.0.0.1:8001.');
  return url.href.replace(/\/+$/, '');
}
