import { DocumentError } from '../../../errors.ts';
import type { DocumentBuilder } from '../document-builder.ts';

/** Nobody can read more levels; a hostile file has 200,000. */
const DEEPEST = 100;
/** Values deeper than this have no headings of their own: their lines begin with their place. */
const DEEPEST_HEADING = 3;
/** Places longer than this are cut in the middle: they are repeated in every line. */
const LONGEST_PATH = 200;
/** What a file of small values under long names may grow to. */
const MOST_CHARACTERS = 200_000_000;

type Container = Record<string, unknown> | unknown[];

/**
 * Writes a JSON value so that people can read it. An object with only simple values, and every object in an array,
 * is a record: a paragraph with a line for each value, "address.city: Köln". What holds records has its place as a
 * heading.
 *
 * @throws DocumentError document_too_complex
 */
export function writeJson(value: unknown, builder: DocumentBuilder): void {
  writeValue(value, [], builder);
}

/** Calls itself only down to DEEPEST_HEADING. */
function writeValue(value: unknown, path: string[], builder: DocumentBuilder): void {
  if (!isContainer(value)) writeRecord(value, path.join('.'), builder);
  else if (Array.isArray(value)) writeList(value, path.join('.'), builder);
  else writeObject(value, path, builder);
}

function writeObject(object: Record<string, unknown>, path: string[], builder: DocumentBuilder): void {
  const members = Object.entries(object);
  const isSimple = ([, value]: [string, unknown]) => !isContainer(value) || isListOfSimple(value);
  const simple = members.filter(isSimple);
  if (simple.length > 0) writeRecord(Object.fromEntries(simple), '', builder);
  for (const [key, value] of members.filter(member => !isSimple(member))) {
    const place = [...path, shorten(key)];
    builder.heading(place.length, place.join('.'));
    if (place.length < DEEPEST_HEADING) writeValue(value, place, builder);
    else if (Array.isArray(value)) writeList(value, '', builder);
    else writeRecord(value, '', builder);
  }
}

function writeList(list: unknown[], place: string, builder: DocumentBuilder): void {
  if (isListOfSimple(list)) writeRecord(list, place, builder);
  else for (const item of list) writeRecord(item, '', builder);
}

/** One paragraph with everything that the value holds. */
function writeRecord(value: unknown, place: string, builder: DocumentBuilder): void {
  const lines: string[] = [];
  let length = builder.length;
  const pending: { value: unknown; path: string; depth: number }[] = [{ value, path: place, depth: 0 }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next.depth > DEEPEST) throw tooComplex(`values are nested more than ${DEEPEST} deep`);
    const { path, depth } = next;
    if (!isContainer(next.value) || isListOfSimple(next.value)) {
      const line = writeLine(path, next.value);
      length += line.length;
      if (line !== '') lines.push(line);
    } else
      for (const [key, inner] of entriesOf(next.value).reverse())
        pending.push({ value: inner, path: join(path, key), depth: depth + 1 });
    if (length > MOST_CHARACTERS) throw tooComplex('its text would be too long');
  }
  builder.paragraph(lines.join('\n'));
}

function writeLine(path: string, value: unknown): string {
  const text = Array.isArray(value) ? value.filter(one => one !== null).join(', ') : String(value ?? '');
  if (text.trim() === '') return '';
  return path === '' ? text : `${path}: ${text}`;
}

/** An array's items count from 1, as people do. */
const entriesOf = (container: Container): [string, unknown][] =>
  Array.isArray(container)
    ? container.map((item, index) => [String(index + 1), item])
    : Object.entries(container);

function join(path: string, key: string): string {
  const joined = path === '' ? shorten(key) : `${path}.${shorten(key)}`;
  return joined.length <= LONGEST_PATH ? joined : `…${joined.slice(1 - LONGEST_PATH)}`;
}

/** A key in one line. */
const shorten = (key: string) => {
  const line = key.replace(/\s+/g, ' ').trim();
  return line.length <= 100 ? line : `${line.slice(0, 99)}…`;
};

const isContainer = (value: unknown): value is Container => typeof value === 'object' && value !== null;

const isListOfSimple = (value: unknown): boolean => Array.isArray(value) && !value.some(isContainer);

const tooComplex = (what: string) =>
  new DocumentError('document_too_complex', `The JSON can’t be read: ${what}. Split the file or flatten it.`);
