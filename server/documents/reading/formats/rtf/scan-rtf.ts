export type RtfHandler = {
  /** "{" */
  open: () => void;
  /** "}" */
  close: () => void;
  /** A control word without its backslash, or a sign ("*", "~"). */
  control: (word: string, parameter: number | undefined) => void;
  /** Characters as bytes of the code page, one character each; `\'e4` alone, plain text in pieces. */
  bytes: (text: string) => void;
};

/** One control word, a byte in hexadecimal, a sign, a brace or some plain text (RTF specification 1.9.1, syntax). */
const token =
  /\\([a-zA-Z]{1,40})(-?\d{1,10})? ?|\\'([\da-fA-F]{2})|\\([^a-zA-Z])|([{}])|([^\\{}\r\n]{1,10000})|[\\\r\n]/y;

/**
 * Reads RTF from its start to its end and tells what it meets. Groups may be open at the end or closed too often;
 * binary parts are passed over.
 *
 * @param source the file's bytes, one character each.
 */
export function scanRtf(source: string, handler: RtfHandler): void {
  token.lastIndex = 0;
  for (let found = token.exec(source); found; found = token.exec(source)) {
    const [, word, parameter, hexadecimal, sign, brace, text] = found;
    if (word === 'bin') token.lastIndex += Math.max(Number(parameter ?? 0), 0);
    else if (word !== undefined)
      handler.control(word, parameter === undefined ? undefined : Number(parameter));
    else if (hexadecimal !== undefined) handler.bytes(String.fromCharCode(Number.parseInt(hexadecimal, 16)));
    else if (sign !== undefined) handler.control(sign, undefined);
    else if (brace === '{') handler.open();
    else if (brace === '}') handler.close();
    else if (text !== undefined) handler.bytes(text);
    if (token.lastIndex >= source.length) return;
  }
}
