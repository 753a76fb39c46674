/** Of a key, or what may be a number; a string is skipped from its quotation mark on. */
const token = /[{}"]|-?\d[\d.eE+-]*/g;
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const colon = /\s*:/y;

/**
 * Like `JSON.parse`, but a number that JavaScript would write otherwise (10.10, 9007199254740993) is a string of its
 * digits, and a repeated key keeps all of its values: under names that differ in control characters, which nobody is
 * shown.
 *
 * @throws SyntaxError for what is no JSON.
 */
export function readJson(text: string): unknown {
  const rewritten = rewrite(text);
  if (rewritten === undefined) return JSON.parse(text);
  // What was rewritten might be JSON where the text is none.
  JSON.parse(text);
  return JSON.parse(rewritten);
}

/** Undefined when everything may stay. As text: a second tree of values would cost several times the memory. */
function rewrite(text: string): string | undefined {
  const parts: string[] = [];
  const open: Set<string>[] = [];
  let written = 0;
  let repeated = 0;
  token.lastIndex = 0;
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [found] = match;
    const start = match.index;
    if (found === '{') open.push(new Set());
    else if (found === '}') open.pop();
    else if (found === '"') {
      const end = endOfString(text, start);
      token.lastIndex = end;
      if (isRepeatedKey(text, start, end, open.at(-1))) {
        parts.push(text.slice(written, end - 1), invisibleNumber(repeated++), '"');
        written = end;
      }
    } else if (number.test(found) && String(Number(found)) !== found) {
      parts.push(text.slice(written, start), `"${found}"`);
      written = token.lastIndex;
    }
  }
  return written === 0 ? undefined : parts.join('') + text.slice(written);
}

/** Not by a regular expression, whose memory grows with the length of its match. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end >= 0 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end < 0 ? text.length : end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charAt(at - 1 - backslashes) === '\\') backslashes++;
  return backslashes % 2 === 1;
}

function isRepeatedKey(text: string, start: number, end: number, keys: Set<string> | undefined): boolean {
  colon.lastIndex = end;
  if (!keys || !colon.test(text)) return false;
  const key = unescapeKey(text.slice(start + 1, end - 1));
  const isKnown = keys.has(key);
  keys.add(key);
  return isKnown;
}

/** "\u0061" is "a". */
function unescapeKey(key: string): string {
  if (!key.includes('\\')) return key;
  try {
    return String(JSON.parse(`"${key}"`));
  } catch {
    return key;
  }
}

/** In JSON: control characters, which no document's text keeps. */
const invisibleNumber = (value: number) =>
  [...`0${value.toString(8)}`].map(digit => `\\u000${digit}`).join('');
