import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Permission } from '../../../contract/accounts/permissions.ts';
import {
  type BulkResult,
  bulkRequest,
  bulkResult,
  MOST_SELECTED,
  matchingRequest,
  matchingResult,
  matchingRows,
} from '../../../contract/administration/lists.ts';
import { errorBody } from '../../../contract/errors.ts';
import { countMatching, type Matching, nextMatching } from '../../administration/tables/matching.ts';
import type { Db } from '../../database/open-database.ts';

export type Bulk<Filter extends z.ZodObject, Action extends string> = {
  /** Of the table. */
  path: `/api/admin/${string}/`;
  permission: Permission;
  summary: string;
  actions: readonly [Action, ...Action[]];
  /** Query parameters that say which rows of the table match. */
  filter: Filter;
  act: (request: FastifyRequest, action: Action, ids: number[]) => Promise<BulkResult>;
  /** Those that match; with an action only those of them that it makes sense for. */
  matching: (
    request: FastifyRequest,
    filter: z.output<Filter>,
    action: Action | undefined,
  ) => { db: Db; ids: Matching | Promise<Matching> };
};

/**
 * What is done with many rows of a table: with those that are named, or with all that match. The latter are counted
 * first, and then taken a bounded number at a time, so that no request is long and whoever asks sees how far it is.
 */
export function registerBulk<Filter extends z.ZodObject, const Action extends string>(
  app: FastifyInstance,
  bulk: Bulk<Filter, Action>,
): void {
  const { path, permission, summary, actions, filter } = bulk;
  const config = { permission };
  const tags = ['administration'];
  const named = bulkRequest(actions);
  const next = matchingRequest(actions);
  app.post(
    `${path}bulk/`,
    { config, schema: { tags, summary, body: named, response: { 200: bulkResult, 400: errorBody } } },
    async request => {
      const { action, ids } = request.body as z.output<typeof named>; // As the schema has it.
      return bulk.act(request, action, ids);
    },
  );
  app.get(
    `${path}matching/`,
    {
      config,
      schema: {
        tags,
        summary: 'Count the rows that match, all of them or those that an action makes sense for',
        querystring: filter.extend({ action: z.enum(actions).optional() }),
        response: { 200: matchingRows, 400: errorBody },
      },
    },
    async request => {
      const query = request.query as z.output<Filter> & { action?: Action }; // As the schema has it.
      const { db, ids } = bulk.matching(request, query, query.action);
      return countMatching(db, await ids);
    },
  );
  app.post(
    `${path}matching/`,
    {
      config,
      schema: {
        tags,
        summary: `${summary}: the next of all that match`,
        querystring: filter,
        body: next,
        response: { 200: matchingResult, 400: errorBody },
      },
    },
    async request => {
      const { action, last_id: lastId, after = 0 } = request.body as z.output<typeof next>;
      const { db, ids } = bulk.matching(request, request.query as z.output<Filter>, action);
      const found = await nextMatching(db, await ids, { after, lastId });
      const result = await bulk.act(request, action, found);
      return { ...result, after: found.length < MOST_SELECTED ? null : (found.at(-1) ?? null) };
    },
  );
}
