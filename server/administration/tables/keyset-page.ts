import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../database/open-database.ts';
import { RequestError } from '../../errors.ts';

/** How the values of a column are written in a cursor and read again. */
type SortType = 'bigint' | 'text' | 'timestamptz';

/** What a table can be sorted by. The id decides between equals, so that no row comes twice or never. */
export type Sort = { by: RawBuilder<unknown>; type: SortType };

export type PageRequest = {
  /** The name of the sort, `id` where there is one only. */
  sort: string;
  order: 'asc' | 'desc';
  limit: number;
  cursor: string | undefined;
};

/** A row as it was read, with what the next page begins behind. */
export type Keyed = { id: number; sort_key: string };

type Keyset = {
  /** Selects `sort_key`. */
  key: RawBuilder<unknown>;
  /** True of the rows behind the cursor. */
  behind: RawBuilder<unknown>;
  orderBy: RawBuilder<unknown>;
};

/**
 * The parts of a query for one page. Rows are compared with the last one of the page before, as indexes are sorted:
 * a later page costs what the first does, and rows that come or go meanwhile move none of the others.
 *
 * @param id of the row, which is a bigint
 * @throws RequestError for a cursor of another table or order.
 */
export function keysetPage(page: PageRequest, sorts: Record<string, Sort>, id: RawBuilder<unknown>): Keyset {
  const sort = sorts[page.sort];
  if (!sort) throw new Error(`this table is not sorted by ${page.sort}`);
  const direction = page.order === 'asc' ? sql`ASC` : sql`DESC`;
  const comparison = page.order === 'asc' ? sql`>` : sql`<`;
  const last = page.cursor === undefined ? undefined : readCursor(page, page.cursor, sort.type);
  const isId = sort.by === id;
  return {
    key: sql`${sort.by}::text`,
    behind: !last
      ? sql`true`
      : isId
        ? sql`${id} ${comparison} ${last.id}::bigint`
        : sql`(${sort.by}, ${id}) ${comparison} (${last.key}::${sql.raw(sort.type)}, ${last.id}::bigint)`,
    orderBy: isId ? sql`${id} ${direction}` : sql`${sort.by} ${direction}, ${id} ${direction}`,
  };
}

export type TablePage<Row> = { items: Row[]; next_cursor: string | null };

/** Runs the query of a page. */
export async function readPage<Found extends Keyed, Row>(
  db: Db,
  page: PageRequest,
  query: RawBuilder<Found>,
  toRow: (found: Found) => Row,
): Promise<TablePage<Row>> {
  const { rows } = await query.execute(db);
  return { items: rows.map(toRow), next_cursor: nextCursor(page, rows) };
}

/** Of the last row of a full page; null where there can't be more. */
function nextCursor({ sort, order, limit }: PageRequest, rows: Keyed[]): string | null {
  const last = rows.at(-1);
  if (!last || rows.length < limit) return null;
  return Buffer.from(JSON.stringify([sort, order, last.sort_key, last.id])).toString('base64url');
}

/** What PostgreSQL writes; a cursor may come from anybody. */
const keys: Record<SortType, RegExp> = {
  bigint: /^-?\d{1,18}$/,
  text: /^[^\0]*$/s,
  timestamptz: /^[1-9]\d{3}-\d\d-\d\d ([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?[+-](0\d|1[0-4])(:[0-5]\d)?$/,
};

function readCursor(
  { sort, order }: PageRequest,
  cursor: string,
  type: SortType,
): { key: string; id: number } {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (Array.isArray(read) && read[0] === sort && read[1] === order) {
      const [, , key, id] = read;
      const isKey = typeof key === 'string' && keys[type].test(key) && (type !== 'timestamptz' || isDay(key));
      if (isKey && Number.isSafeInteger(id)) return { key, id };
    }
  } catch {} // The error below says it.
  throw new RequestError(
    'invalid_request',
    'cursor: must be the next_cursor of a page with the same sort and order.',
  );
}

/** There is such a day: PostgreSQL refuses 31 February, and JavaScript takes it for one of March. */
function isDay(time: string): boolean {
  const [year = 0, month = 0, day = 0] = time.slice(0, 10).split('-').map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
