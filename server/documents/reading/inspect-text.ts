import { TextDecoder } from 'node:util';
import { DocumentError } from '../../errors.ts';
import { detectBinaryFormat } from './detect-binary-format.ts';
import { detectLegacyEncoding } from './encoding/detect-legacy-encoding.ts';
import { EscapeSearch } from './encoding/escape-search.ts';
import {
  detectWideEncoding,
  findDeclaredEncoding,
  isUtf32,
  olderEncoding,
  type TextEncoding,
} from './encoding/text-declarations.ts';
import { TextSample } from './encoding/text-sample.ts';
import { Utf8Check } from './encoding/utf8-check.ts';

/** Everything up to here is kept to see what kind of text it is. */
const HEAD_BYTES = 4096;
/** A text may hold this share of control characters (form feeds, escapes); random bytes hold far more. */
const MOST_CONTROL_CHARACTERS = 0.02;

/**
 * Decides whether a file is text, and in which encoding, from its bytes as they arrive, in any pieces and in
 * bounded memory. `decodeText` goes by the same decision, so a file that passes here can be decoded there.
 */
export class TextInspector {
  readonly #head = new Uint8Array(HEAD_BYTES);
  #headLength = 0;
  readonly #charset: string | undefined;
  #text: BytesInspection | WideInspection | undefined;

  /** @param charset of the header that the file came with; it is believed unless the bytes speak against it. */
  constructor(charset?: string) {
    this.#charset = charset;
  }

  push(chunk: Uint8Array): void {
    const taken = Math.min(chunk.length, HEAD_BYTES - this.#headLength);
    this.#head.set(chunk.subarray(0, taken), this.#headLength);
    this.#headLength += taken;
    if (this.#headLength < HEAD_BYTES) return;
    this.#text ??= this.#begin();
    if (taken < chunk.length) this.#text.push(chunk.subarray(taken));
  }

  /**
   * @throws DocumentError unsupported_media_type, document_not_utf8 (naming the byte), document_not_text,
   *   document_empty.
   */
  finish(): TextEncoding {
    const text = this.#text ?? this.#begin();
    const head = this.#head.subarray(0, this.#headLength);
    const binary = detectBinaryFormat(head);
    if (isUtf32(head))
      throw new DocumentError(
        'unsupported_media_type',
        'The file is written in UTF-32, which Lectern can’t read. Save it as UTF-8 and upload it again.',
      );
    if (binary)
      throw new DocumentError('unsupported_media_type', `The file is named like a text but is ${binary}.`);
    const declarations = [
      { label: olderEncoding(this.#charset), evidence: 'its server says so' },
      { label: findDeclaredEncoding(head), evidence: 'the file says so itself' },
    ];
    return text.finish(declarations);
  }

  /** The rest of the file is read as its head says. */
  #begin(): BytesInspection | WideInspection {
    const head = this.#head.subarray(0, this.#headLength);
    const wide = detectWideEncoding(head);
    const text = wide ? new WideInspection(wide) : new BytesInspection();
    text.push(head);
    return text;
  }
}

/** UTF-16. */
class WideInspection {
  readonly #encoding: TextEncoding;
  readonly #decoder: TextDecoder;
  #length = 0;
  #controls = 0;
  #isVisible = false;

  constructor(encoding: TextEncoding) {
    this.#encoding = encoding;
    this.#decoder = new TextDecoder(encoding.label);
  }

  push(chunk: Uint8Array): void {
    const text = this.#decoder.decode(chunk, { stream: true });
    this.#length += text.length;
    // Unassigned characters, halves of pairs and private ones are to UTF-16 what control characters are to ASCII.
    // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the point
    this.#controls += text.match(/[\0-\x08\x0E-\x1A\x1C-\x1F\x7F\uFFFD]|\p{Cn}|\p{Co}/gu)?.length ?? 0;
    this.#isVisible ||= isVisible(text);
  }

  finish(): TextEncoding {
    refuseControlCharacters(this.#controls, this.#length);
    if (!this.#isVisible) throw emptyFile();
    return this.#encoding;
  }
}

type Declaration = { label: string | undefined; evidence: string };

/** UTF-8, or an older encoding in which ASCII is ASCII. */
class BytesInspection {
  readonly #utf8 = new Utf8Check();
  readonly #sample = new TextSample();
  readonly #counts = new Uint32Array(256);
  readonly #decoder = new TextDecoder();
  readonly #escapes = new EscapeSearch();
  #length = 0;
  #isVisible = false;

  push(chunk: Uint8Array): void {
    for (const byte of chunk) this.#counts[byte] = (this.#counts[byte] ?? 0) + 1;
    this.#length += chunk.length;
    this.#utf8.push(chunk);
    this.#escapes.push(chunk);
    this.#sample.push(chunk);
    // After the first chunk of any ordinary file this is known.
    this.#isVisible ||= isVisible(this.#decoder.decode(chunk, { stream: true }));
  }

  /** @param declarations those that count for more come first. */
  finish(declarations: Declaration[]): TextEncoding {
    const invalid = this.#utf8.finish();
    const controls = this.#countControls();
    const encoding: TextEncoding | undefined =
      invalid === undefined ? this.#findAsciiEncoding() : this.#findOlderEncoding(controls, declarations);
    if (!encoding) throw notUtf8(invalid);
    refuseControlCharacters(controls, this.#length);
    if (!this.#isVisible) throw emptyFile();
    return encoding;
  }

  /** Japanese mails and files of old write their characters as pairs of ASCII. */
  #findAsciiEncoding(): TextEncoding {
    const isAscii = this.#counts.subarray(0x80).every(count => count === 0);
    return isAscii && this.#escapes.isFound
      ? { label: 'iso-2022-jp', evidence: 'the file has the escape sequences of this encoding' }
      : { label: 'utf-8', evidence: undefined };
  }

  /** Not in a file with control characters: those of a binary file would pass for letters. */
  #findOlderEncoding(controls: number, declarations: Declaration[]): TextEncoding | undefined {
    if (controls > 0) return undefined;
    const sample = this.#sample.bytes();
    for (const { label, evidence } of declarations)
      if (label !== undefined && fits(sample, label)) return { label, evidence };
    const label = detectLegacyEncoding(sample);
    return label === undefined ? undefined : { label, evidence: 'the file is not valid UTF-8' };
  }

  #countControls(): number {
    const isControl = (byte: number) =>
      (byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b) || byte === 0x7f;
    return this.#counts.reduce((sum, count, byte) => (isControl(byte) ? sum + count : sum), 0);
  }
}

/** A declaration is often a lie, but not when hardly a byte contradicts it. */
function fits(sample: Uint8Array, label: string): boolean {
  const text = new TextDecoder(label).decode(sample);
  const wrong = text.match(/[\uFFFD\x80-\x9F]/g)?.length ?? 0;
  return wrong <= text.length * MOST_CONTROL_CHARACTERS;
}

/** White space, marks of direction and the like are nothing to read. */
const isVisible = (text: string) => /[\p{L}\p{N}\p{P}\p{S}]/u.test(text);

function refuseControlCharacters(count: number, length: number): void {
  // One NUL in a page of text is an accident and is removed; a file full of them is binary.
  if (count > Math.max(3, length * MOST_CONTROL_CHARACTERS))
    throw new DocumentError(
      'document_not_text',
      `The file is not text: it holds ${count} control characters. Export it as plain UTF-8 text.`,
    );
}

function notUtf8(invalid: { byte: number; value: number } | undefined): DocumentError {
  const { byte, value } = invalid ?? { byte: 0, value: 0 };
  return new DocumentError(
    'document_not_utf8',
    `The file is not valid UTF-8: byte ${byte} (0x${value.toString(16).padStart(2, '0')}) does not fit. Save it as UTF-8 and upload it again.`,
    { extra: { byte } },
  );
}

const emptyFile = () => new DocumentError('document_empty', 'The file holds no text.');
