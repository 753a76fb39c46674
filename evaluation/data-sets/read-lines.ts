import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { DataSetError } from './data-set.ts';

/** A text file of a data set, without a byte order mark, with line ends as \n: as Python reads and Lectern stores it. */
export async function readText(path: string): Promise<string> {
  const bytes = await readFile(path).catch(error => {
    throw new DataSetError(`${path}: the file can’t be read (${error.code ?? error.message}).`, {
      cause: error,
    });
  });
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes).replace(/\r\n?/g, '\n');
  } catch (error) {
    throw new DataSetError(`${path}: the file is not UTF-8.`, { cause: error });
  }
}

/**
 * The objects of a file with one JSON object a line.
 *
 * @throws DataSetError that names the line; also when there is none, or when two have the same `_id`.
 */
export async function readJsonLines<Item extends { _id: string }>(
  path: string,
  schema: z.ZodType<Item>,
): Promise<Item[]> {
  const lines = (await readText(path)).split('\n').map((text, index) => ({ text, number: index + 1 }));
  const lineOf = new Map<string, number>();
  const items = lines
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, number }) => {
      const item = parseLine(`${path}, line ${number}`, text, schema);
      const before = lineOf.get(item._id);
      if (before !== undefined)
        throw new DataSetError(`${path}, line ${number}: the _id ${item._id} stands in line ${before} too.`);
      lineOf.set(item._id, number);
      return item;
    });
  if (items.length === 0) throw new DataSetError(`${path}: the file is empty.`);
  return items;
}

function parseLine<Item>(place: string, line: string, schema: z.ZodType<Item>): Item {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    throw new DataSetError(`${place}: this is not JSON.`, { cause: error });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DataSetError(`${place}: ${issue?.path.join('/') || 'the object'}: ${issue?.message}.`);
}
