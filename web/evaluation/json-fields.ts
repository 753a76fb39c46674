/** What a file of JSON may hold, checked by hand: zod would be larger than the view that reads it. */
export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const isNumber = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value);

/** The entries of a JSON array, each read; undefined for any other text, and when one can't be read. */
export function readEntries<Entry>(
  text: string,
  read: (fields: Fields) => Entry | undefined,
): Entry[] | undefined {
  const entries = parse(text);
  if (!Array.isArray(entries) || entries.length === 0) return undefined;
  const known = entries.map(entry => (isFields(entry) ? read(entry) : undefined));
  return known.every(entry => entry !== undefined) ? known : undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
