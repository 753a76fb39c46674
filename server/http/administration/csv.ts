import { z } from 'zod';

type Column = { name: string; read: (row: Record<string, unknown>) => unknown };

/** A spreadsheet takes a text that begins with one of these for a formula, and runs it (OWASP, CSV injection). */
const formula = /^[\s]*[=+\-@\t\r\n＝＋－＠]/;

/** The columns of a row by its schema: what stands in an object has columns of its own, as `user.email`. */
export function csvColumns(row: z.ZodObject, path: string[] = []): Column[] {
  return Object.entries(row.shape).flatMap(([name, schema]): Column[] => {
    const inner = schema instanceof z.ZodNullable ? schema.unwrap() : schema;
    const here = [...path, name];
    if (inner instanceof z.ZodObject) return csvColumns(inner, here);
    return [{ name: here.join('.'), read: value => valueAt(value, here) }];
  });
}

function valueAt(row: unknown, path: string[]): unknown {
  return path.reduce<unknown>(
    (value, name) =>
      typeof value === 'object' && value !== null
        ? Object.getOwnPropertyDescriptor(value, name)?.value
        : undefined,
    row,
  );
}

/** RFC 4180. @param cells in the order of the columns */
export const csvLine = (cells: unknown[]): string => `${cells.map(toCell).join(',')}\r\n`;

function toCell(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text =
    typeof value === 'string' ? value : Array.isArray(value) ? listed(value) : JSON.stringify(value);
  const harmless = formula.test(text) ? `'${text}` : text;
  return /[",\r\n]|^\s|\s$/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

const listed = (values: unknown[]) =>
  values.map(value => (typeof value === 'object' ? JSON.stringify(value) : String(value))).join('; ');
