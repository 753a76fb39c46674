import { z } from 'zod';

/** Ids are positive integers, far below 2^53. */
export const id = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/** An id in a path. */
export const idInPath = z
  .string()
  .regex(/^[1-9]\d{0,14}$/, 'must be a positive integer')
  .transform(Number);

/** RFC 3339 in UTC. */
export const time = z.iso.datetime();

/** UTF-16 code units from the start of the document's text. */
export const offset = z.number().int().nonnegative();

/** Spelt out for those who read the OpenAPI document and do not know `\P{Cc}`. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused.
export const noControlCharacters = /^[^\u0000-\u001f\u007f-\u009f]*$/u;
