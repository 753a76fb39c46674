/** An object with its members as the file has them: in their order, also those of one name. */
export class JsonObject {
  readonly members: [key: string, value: JsonValue][] = [];
}

/** A number is its digits as written: 10.10 and 9007199254740993 are others as binary fractions. */
export type JsonValue = string | boolean | null | JsonValue[] | JsonObject;

const structure = /[\s,:]*/y;
const literal = /[\w.+-]+/y;

/**
 * Like `JSON.parse`, but with numbers and repeated keys as they stand, and at any depth.
 *
 * @throws SyntaxError for what is no JSON.
 */
export function readJson(text: string): JsonValue {
  JSON.parse(text);
  const top: JsonValue[] = [];
  const open: (JsonValue[] | JsonObject)[] = [top];
  let key: string | undefined;
  for (let at = skip(structure, text, 0); at < text.length; at = skip(structure, text, at)) {
    const start = at;
    const first = text.charAt(at);
    at = endOfToken(text, at);
    const parent = open.at(-1) ?? top;
    if (first === ']' || first === '}') open.pop();
    else if (first === '"' && parent instanceof JsonObject && key === undefined)
      key = readString(text, start, at);
    else {
      const value = makeValue(text, start, at);
      if (parent instanceof JsonObject) parent.members.push([key ?? '', value]);
      else parent.push(value);
      key = undefined;
      if (Array.isArray(value) || value instanceof JsonObject) open.push(value);
    }
  }
  return top[0] ?? null;
}

/** Of a text that is known to be JSON. */
function endOfToken(text: string, at: number): number {
  const first = text.charAt(at);
  if ('[]{}'.includes(first)) return at + 1;
  return first === '"' ? endOfString(text, at) : skip(literal, text, at);
}

/** Not by a regular expression, whose memory grows with the length of its match. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end + 1;
}

function isEscaped(text: string, at: number): boolean {
  let backslashes = 0;
  while (text.charAt(at - 1 - backslashes) === '\\') backslashes++;
  return backslashes % 2 === 1;
}

function readString(text: string, start: number, end: number): string {
  const plain = text.slice(start + 1, end - 1);
  return plain.includes('\\') ? String(JSON.parse(text.slice(start, end))) : plain;
}

function makeValue(text: string, start: number, end: number): JsonValue {
  const first = text.charAt(start);
  if (first === '[') return [];
  if (first === '{') return new JsonObject();
  if (first === '"') return readString(text, start, end);
  const written = text.slice(start, end);
  if (written === 'null') return null;
  return written === 'true' || written === 'false' ? written === 'true' : written;
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  return pattern.test(text) ? pattern.lastIndex : from;
}
