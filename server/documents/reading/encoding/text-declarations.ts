/** How a file is to be decoded. */
export type TextEncoding = {
  /** WHATWG label, for a TextDecoder. */
  label: string;
  /** Where it is known from, for the reader's note; undefined when it goes without saying. */
  evidence: string | undefined;
};

/** By its byte order mark. That of UTF-32 in little endian begins with that of UTF-16. */
export const isUtf32 = (head: Uint8Array): boolean =>
  ['fffe0000', '0000feff'].includes(Buffer.from(head.subarray(0, 4)).toString('hex'));

/** UTF-16 by its byte order mark, or by the NUL that is every other byte of a text in it. */
export function detectWideEncoding(head: Uint8Array): TextEncoding | undefined {
  if (head[0] === 0xff && head[1] === 0xfe) return { label: 'utf-16le', evidence: undefined };
  if (head[0] === 0xfe && head[1] === 0xff) return { label: 'utf-16be', evidence: undefined };
  const nuls = [0, 0];
  head.forEach((byte, at) => {
    if (byte === 0) nuls[at % 2] = (nuls[at % 2] ?? 0) + 1;
  });
  const [first = 0, second = 0] = nuls;
  const label = second > first ? 'utf-16le' : 'utf-16be';
  // Spaces alone make this many in a text of another script; a NUL in a text of bytes stands at any place.
  if (Math.max(first, second) < Math.max(3, head.length / 16) || Math.min(first, second) > 0)
    return undefined;
  if (!readsWell(new TextDecoder(label).decode(head, { stream: true }))) return undefined;
  return { label, evidence: 'every other byte of it is zero' };
}

const readsWell = (text: string) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
  !/[\0-\x08\x0E-\x1A\x1C-\x1F\x7F-\x9F\uFFFD]|\p{Cn}|\p{Co}/u.test(text) && /\p{L}/u.test(text);

const declarations = [
  /^(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}\bencoding\s*=\s*["']([\w:.-]{1,40})["']/i,
  /<meta\s[^>]{0,500}\bcharset\s*=\s*["']?\s*([\w:.-]{1,40})/i,
];

/** The encoding that an HTML or XML file names in its first lines, as a WHATWG label, when there is such a one. */
export function findDeclaredEncoding(head: Uint8Array): string | undefined {
  const text = Buffer.from(head).toString('latin1');
  const name = declarations
    .map(declaration => declaration.exec(text)?.[1])
    .find(found => found !== undefined);
  return olderEncoding(name);
}

/** The WHATWG label of an encoding that is neither UTF-8 nor UTF-16, by any of its names. */
export function olderEncoding(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  try {
    const label = new TextDecoder(name).encoding;
    // What is not UTF-8 is not UTF-16 either: its declaration could not be read like this.
    return /^utf-/.test(label) ? undefined : label;
  } catch {
    return undefined; // A name that no browser knows.
  }
}
