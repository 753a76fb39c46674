/** A number format of zeros, as article numbers and postcodes have: 00000, 000-000, "INV-"0000. */
export type PaddedFormat = { pieces: { text: string; isDigit: boolean }[] };

/** A colour or a language; a condition is none. */
const bracket = /^\[(?:\$[^\]]*|[a-z]+\s?\d*)\]/i;
/** A zero, a quoted text, or a character that stands for itself (ECMA-376 18.8.31). */
const piece = /(0)|"([^"]*)"|\\(.)|[_*].|([-+/():!^&'~{}<>=$ ])/y;

/** Undefined for a format of another kind, and for one with a single zero. */
export function readPaddedFormat(code: string): PaddedFormat | undefined {
  // Numbers below zero have the first section as well when there is no other.
  if (code.replace(/"[^"]*"|\\./g, '').includes(';')) return undefined;
  const format = code.replace(bracket, '');
  const pieces: PaddedFormat['pieces'] = [];
  piece.lastIndex = 0;
  while (piece.lastIndex < format.length) {
    const match = piece.exec(format);
    if (!match) return undefined;
    const [, zero, quoted, escaped, plain] = match;
    const text = zero ?? quoted ?? escaped ?? plain ?? '';
    if (text !== '') pieces.push({ text, isDigit: zero !== undefined });
  }
  return pieces.filter(({ isDigit }) => isDigit).length > 1 ? { pieces } : undefined;
}

/** Undefined for what is no whole number: rounding it would lose something. */
export function formatPadded(value: number, { pieces }: PaddedFormat): string | undefined {
  if (!Number.isSafeInteger(value)) return undefined;
  const digits = [...String(Math.abs(value))];
  const first = pieces.findIndex(({ isDigit }) => isDigit);
  const shown = pieces
    .toReversed()
    .map(({ text, isDigit }, index) => {
      if (!isDigit) return text;
      return pieces.length - 1 - index === first ? digits.join('') || '0' : (digits.pop() ?? '0');
    })
    .reverse();
  return `${value < 0 ? '-' : ''}${shown.join('')}`;
}
