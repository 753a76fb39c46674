const LINE_FEED = 0x0a;
const HYPHEN = 0x2d;
/** A part whose headers are longer is none that a mail program wrote. */
const MOST_HEADER_BYTES = 16_384;

const latin1 = new TextDecoder('latin1');

/**
 * The e-mail without the contents of its attachments (RFC 2045, 2046), whose headers stay: a mail parser
 * takes them apart line by line, at thirty times their size in memory, and only their names are wanted.
 */
export function dropAttachments(bytes: Uint8Array): Uint8Array {
  const boundaries = new Set<string>();
  const kept = new Uint8Array(bytes.length);
  let length = 0;
  let skipping = false;
  let headersFrom: number | undefined = 0;
  for (let start = 0; start < bytes.length; ) {
    const end = endOfLine(bytes, start);
    if (bytes[start] === HYPHEN && bytes[start + 1] === HYPHEN && isBoundary(bytes, start, end, boundaries)) {
      skipping = false;
      headersFrom = end;
    } else if (headersFrom !== undefined && isBlank(bytes, start, end)) {
      const headers = latin1.decode(
        bytes.subarray(headersFrom, Math.min(start, headersFrom + MOST_HEADER_BYTES)),
      );
      const boundary = /boundary\s*=\s*(?:"([^"]+)"|([^\s;]+))/i.exec(headers);
      if (boundary) boundaries.add(boundary[1] ?? boundary[2] ?? '');
      skipping = isAttachment(headers);
      headersFrom = undefined;
      kept.set(bytes.subarray(start, end), length);
      length += end - start;
      start = end;
      continue;
    }
    if (!skipping) {
      kept.set(bytes.subarray(start, end), length);
      length += end - start;
    }
    start = end;
  }
  return kept.subarray(0, length);
}

function endOfLine(bytes: Uint8Array, start: number): number {
  const lineFeed = bytes.indexOf(LINE_FEED, start);
  return lineFeed < 0 ? bytes.length : lineFeed + 1;
}

const isBlank = (bytes: Uint8Array, start: number, end: number) =>
  end - start <= 2 && latin1.decode(bytes.subarray(start, end)).trim() === '';

/** A delimiter has at most 70 characters after its hyphens (RFC 2046, 5.1.1). */
function isBoundary(bytes: Uint8Array, start: number, end: number, boundaries: Set<string>): boolean {
  if (end - start > 80) return false;
  const line = latin1.decode(bytes.subarray(start + 2, end)).trimEnd();
  return boundaries.has(line) || boundaries.has(line.replace(/--$/, ''));
}

/** Also a picture without a disposition; not a text, another mail or what holds further parts. */
function isAttachment(headers: string): boolean {
  const type = /^content-type\s*:\s*([a-z]+)\//im.exec(headers)?.[1]?.toLowerCase() ?? 'text';
  if (type === 'multipart') return false;
  if (/^content-disposition\s*:\s*attachment/im.test(headers)) return true;
  return type !== 'text' && type !== 'message';
}
