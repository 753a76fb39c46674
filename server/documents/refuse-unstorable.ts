import { RequestError } from '../errors.ts';

/**
 * PostgreSQL's texts and JSON values hold neither NUL nor halves of surrogate pairs.
 *
 * @throws RequestError naming the field, wherever in the value it is.
 */
export function refuseUnstorable(value: unknown, field = ''): void {
  if (typeof value === 'string') refuseText(value, field);
  else if (typeof value === 'object' && value !== null)
    for (const [key, inner] of Object.entries(value)) {
      refuseText(key, field);
      refuseUnstorable(inner, field ? `${field}/${key}` : key);
    }
}

function refuseText(text: string, field: string): void {
  if (text.includes('\0') || !text.isWellFormed())
    throw new RequestError(
      'invalid_request',
      `${field}: must not hold NUL characters or halves of surrogate pairs.`,
    );
}
