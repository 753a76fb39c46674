import { cleanFilename } from '../clean-filename.ts';
import { decodeHeader } from './decode-header.ts';
import { endingOf, missingEnding } from './media-type.ts';

type Headers = { contentDisposition: string | undefined; mediaType: string | undefined };

/**
 * The file name of what a URL leads to: the one that the server gives, else the last part of the path, else the
 * host. The ending fits the media type, for a page at `/download.php` may be a PDF; one that the server itself
 * has given is kept, for scripts that forget to say a type send everything as HTML.
 *
 * @example nameFile(new URL('https://example.com/'), { mediaType: 'text/html', … }) // 'example.com.html'
 */
export function nameFile(url: URL, { contentDisposition, mediaType }: Headers): string {
  const given = readFilename(contentDisposition ?? '');
  if (given !== undefined) {
    const name = cleanFilename(given);
    return endingOf(name) === '' ? cleanFilename(name + missingEnding(name, mediaType)) : name;
  }
  const segment = url.pathname.split('/').findLast(part => part !== '');
  const name = segment === undefined ? '' : cleanFilename(decodePercents(segment));
  if (name !== '' && name !== 'unnamed') return cleanFilename(name + missingEnding(name, mediaType));
  // The `.com` of a host is no ending.
  return `${cleanFilename(url.hostname)}${missingEnding('', mediaType)}`;
}

const parameter = /;\s*(filename\*?)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;\s]*))/gi;

/** Of a Content-Disposition header (RFC 6266): `filename*`, which knows all characters, before `filename`. */
function readFilename(header: string): string | undefined {
  const found = new Map<string, string>();
  for (const [, name = '', quoted, token = ''] of header.matchAll(parameter))
    found.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? token);
  const extended = decodeExtended(found.get('filename*') ?? '');
  const plain = found.get('filename');
  return extended || (plain && decodeHeader(plain)) || undefined;
}

/** RFC 8187: `UTF-8'en'na%C3%AFve.txt`. */
function decodeExtended(value: string): string | undefined {
  const [, charset = '', encoded = ''] = /^([\w-]+)'[\w-]*'(.+)$/.exec(value) ?? [];
  if (charset.toLowerCase() === 'utf-8') return decodePercents(encoded);
  if (charset.toLowerCase() !== 'iso-8859-1') return undefined;
  return encoded.replace(/%([0-9a-f]{2})/gi, (_, digits) => String.fromCharCode(Number.parseInt(digits, 16)));
}

/** As it is where it is no valid UTF-8. */
function decodePercents(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
