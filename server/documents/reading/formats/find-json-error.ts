/** Numbers and names (RFC 8259). */
const literal = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-])/y;
/** In pieces: a regular expression's memory grows with the length of its match. */
const stringPiece = /[^"\\\p{Cc}]{1,10000}|\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/uy;

type Expected = 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'comma or end' | 'nothing';

/** Where a text stops being JSON, for people: "line 3, column 5". The text is known to be none. */
export function findJsonError(text: string): string {
  const at = findErrorOffset(text);
  const line = text.slice(0, at).split('\n').length;
  return `line ${line}, column ${at - text.lastIndexOf('\n', at - 1)}`;
}

/** `JSON.parse` itself says where only for some errors. */
function findErrorOffset(text: string): number {
  const open: string[] = [];
  let expected: Expected = 'value';
  for (let end = 0; ; ) {
    const at = skipSpace(text, end);
    const token = readToken(text, at);
    const next: Expected | undefined = token && follow(expected, token.kind, open);
    if (!token || !next) return at;
    expected = next;
    end = token.end;
  }
}

type Token = { kind: string; end: number };

function readToken(text: string, at: number): Token | undefined {
  const first = text.charAt(at);
  if (first !== '' && '[]{}:,'.includes(first)) return { kind: first, end: at + 1 };
  if (first === '"') {
    const end = skipPieces(text, at + 1);
    return text[end] === '"' ? { kind: 'string', end: end + 1 } : undefined;
  }
  literal.lastIndex = at;
  return literal.test(text) ? { kind: 'literal', end: literal.lastIndex } : undefined;
}

function skipPieces(text: string, from: number): number {
  let at = from;
  for (stringPiece.lastIndex = at; stringPiece.test(text); ) at = stringPiece.lastIndex;
  return at;
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (at < text.length && ' \t\n'.includes(text.charAt(at))) at++;
  return at;
}

/** What may come after a token, or undefined when the token may not come here. */
function follow(expected: Expected, kind: string, open: string[]): Expected | undefined {
  const after = (): Expected => (open.length === 0 ? 'nothing' : 'comma or end');
  if (kind === ']' || kind === '}') {
    const isEnd = open.at(-1) === kind && expected.endsWith('or end');
    if (!isEnd) return undefined;
    open.pop();
    return after();
  }
  if (kind === ',') return expected === 'comma or end' ? (open.at(-1) === '}' ? 'key' : 'value') : undefined;
  if (kind === ':') return expected === 'colon' ? 'value' : undefined;
  if (expected.startsWith('key')) return kind === 'string' ? 'colon' : undefined;
  if (!expected.startsWith('value')) return undefined;
  if (kind === 'string' || kind === 'literal') return after();
  open.push(kind === '{' ? '}' : ']');
  return kind === '{' ? 'key or end' : 'value or end';
}
