import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Permission } from '../../../contract/accounts/permissions.ts';
import { tableOf, type tablePage } from '../../../contract/administration/lists.ts';
import { errorBody } from '../../../contract/errors.ts';
import { idInPath } from '../../../contract/scalars.ts';
import { actorOf, audit } from '../../accounts/audit-log.ts';
import type { PageRequest, TablePage } from '../../administration/tables/keyset-page.ts';
import type { Db } from '../../database/open-database.ts';
import { csvColumns, csvLine } from './csv.ts';

/** Rows that a CSV file is read by. */
const EXPORT_ROWS = 500;
/** By which programs that would take another encoding know UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

type TableQuery = z.ZodObject<typeof tablePage.shape>;

export type Table<Query extends TableQuery, Row extends z.ZodObject> = {
  path: `/api/admin/${string}/`;
  permission: Permission;
  summary: string;
  query: Query;
  row: Row;
  /** Refuses who may not see what they ask for, before anything is read, and writes down that it is looked at. */
  before?: (request: FastifyRequest, query: z.output<Query>) => Promise<void>;
  read: (
    request: FastifyRequest,
    page: PageRequest & z.output<Query>,
    /** In the path, of what the rows are parts of. */
    id: number,
  ) => Promise<TablePage<z.output<Row>>>;
  /** Of what the export is of, in the audit log; undefined: of the server. */
  workspaceOf: (request: FastifyRequest, query: z.output<Query>) => number | undefined;
};

/** A table page by page, and beside it all of it as a CSV file. */
export function registerTable<Query extends TableQuery, Row extends z.ZodObject>(
  app: FastifyInstance,
  wholeDb: Db,
  table: Table<Query, Row>,
): void {
  const { path, permission, summary, query, row } = table;
  const hasId = path.includes(':id');
  const common = {
    tags: ['administration'],
    ...(hasId && { params: z.object({ id: idInPath }) }),
  };
  const refusals = { 400: errorBody, ...((hasId || table.before) && { 404: errorBody }) };
  const readPage = async (request: FastifyRequest, wanted: z.output<Query>, page: Partial<PageRequest>) => {
    const sort = 'sort' in wanted && typeof wanted.sort === 'string' ? wanted.sort : 'id';
    const { limit, order, cursor } = wanted;
    return table.read(request, { ...wanted, limit, order, cursor, ...page, sort }, idOf(request));
  };
  app.get(
    path,
    {
      config: { permission },
      schema: {
        ...common,
        summary,
        querystring: query,
        response: { 200: tableOf(row), ...refusals },
      },
    },
    async request => {
      const wanted = request.query as z.output<Query>; // As the schema has it.
      await table.before?.(request, wanted);
      return readPage(request, wanted, {});
    },
  );
  app.get(
    `${path}export/`,
    {
      config: { permission },
      schema: {
        ...common,
        summary: `${summary}: all of them as CSV`,
        querystring: query.omit({ limit: true, cursor: true }),
        produces: ['text/csv'],
        response: { 200: csvFile, ...refusals },
      },
    },
    async (request, reply) => {
      const wanted = request.query as z.output<Query>; // Without a page, which is put in below.
      await table.before?.(request, wanted);
      const read = (cursor: string | undefined) => readPage(request, wanted, { limit: EXPORT_ROWS, cursor });
      // Before the headers, which are not those of an error.
      const first = await read(undefined);
      await audit(wholeDb, actorOf(request.principal, request.ip), {
        action: 'table-exported',
        workspaceId: table.workspaceOf(request, wanted),
        details: { table: pathOf(request), query: wanted },
      });
      return sendCsv(reply, nameOf(path), writeCsv(row, first, read));
    },
  );
}

const csvFile = {
  description: 'The rows, with the names of the columns in the first line.',
  content: { 'text/csv': { schema: z.custom<Readable>().meta({ type: 'string' }) } },
};

function idOf({ params }: FastifyRequest): number {
  const id = typeof params === 'object' && params !== null && 'id' in params ? params.id : undefined;
  return typeof id === 'number' ? id : 0;
}

/** As it is asked for without `export/`, with the id of what the rows are parts of. */
const pathOf = ({ url }: FastifyRequest) =>
  (url.split('?')[0] ?? '').replace(/^\/api\/admin\//, '').replace(/export\/?$/, '');

const nameOf = (path: string) =>
  `${path
    .replace('/api/admin/', '')
    .split('/')
    .filter(part => part !== '' && part !== ':id')
    .join('-')}.csv`;

async function* writeCsv(
  row: z.ZodObject,
  first: TablePage<Record<string, unknown>>,
  read: (cursor: string) => Promise<TablePage<Record<string, unknown>>>,
): AsyncGenerator<string> {
  const columns = csvColumns(row);
  yield BYTE_ORDER_MARK + csvLine(columns.map(({ name }) => name));
  for (let page = first; ; page = await read(page.next_cursor)) {
    yield page.items.map(item => csvLine(columns.map(column => column.read(item)))).join('');
    if (page.next_cursor === null) return;
  }
}

function sendCsv(reply: FastifyReply, name: string, lines: AsyncGenerator<string>): FastifyReply {
  return reply
    .header('content-type', 'text/csv; charset=utf-8')
    .header('content-disposition', `attachment; filename="${name}"`)
    .header('cache-control', 'no-store')
    .header('x-content-type-options', 'nosniff')
    .send(Readable.from(lines));
}
