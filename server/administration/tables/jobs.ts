import { type RawBuilder, sql } from 'kysely';
import type { z } from 'zod';
import type {
  jobActions,
  jobFilter,
  jobRow,
  serverJobFilter,
} from '../../../contract/administration/tables.ts';
import type { Db } from '../../database/open-database.ts';
import { allOf, isAmong, ofWorkspace } from './all-of.ts';
import { wordsQuery } from './find-words.ts';
import { type Keyed, keysetPage, type PageRequest, readPage, type TablePage } from './keyset-page.ts';
import type { Matching } from './matching.ts';
import { findWorkspaceIds, isOneOf } from './named-rows.ts';

type Row = z.output<typeof jobRow> & { workspace: { id: number; name: string } };
type Found = Keyed &
  Omit<Row, 'error' | 'created_at' | 'started_at' | 'workspace'> & {
    error_code: string | null;
    error_message: string | null;
    created_at: Date;
    started_at: Date | null;
    workspace_id: number;
  };
type State = Row['state'];
type JobFilter = z.output<typeof jobFilter> & Pick<z.output<typeof serverJobFilter>, 'workspace'>;
type JobPage = PageRequest & JobFilter;

const isRunning = sql`job.lease_owner IS NOT NULL AND job.lease_until >= now()`;
const isWaiting = sql`(job.lease_owner IS NULL OR job.lease_until IS NULL OR job.lease_until < now())`;

/**
 * The work on documents that waits or runs, and what failed. A job is called by the version that it is about, of which
 * there is one at most.
 *
 * @param workspaceId undefined: of all, which only the handle of the whole database sees
 * @param page `q` within a workspace only: what documents are called stays theirs
 */
export async function readJobs(
  db: Db,
  workspaceId: number | undefined,
  page: JobPage,
): Promise<TablePage<Row>> {
  const workspaces = await findWorkspaceIds(db, page.workspace);
  const query = sql<Found>`
    SELECT page.*, version.document_id, version.filename, version.stage, version.progress, version.byte_size,
      version.error_code, version.error_message
    FROM (${pageOf({ workspaceId, workspaces }, page)}) AS page
    JOIN document_versions version ON version.workspace_id = page.workspace_id AND version.id = page.id
    ORDER BY page.id ${page.order === 'asc' ? sql`ASC` : sql`DESC`}`;
  const found = await readPage(db, page, query, row => row);
  const names = await readNames(
    db,
    found.items.map(({ workspace_id }) => workspace_id),
  );
  return {
    items: found.items.map(row => toRow(row, names.get(row.workspace_id) ?? '')),
    next_cursor: found.next_cursor,
  };
}

/** Where the rows are: in a workspace, or in those that are called so. */
type Place = { workspaceId: number | undefined; workspaces: number[] | undefined };

/** Each part is one page of its own index: however many there are, no more are read. */
function pageOf(place: Place, page: JobPage): RawBuilder<unknown> {
  const { state, limit } = page;
  const ofJobs = keyOf(page, sql`job.version_id`);
  const ofFailed = keyOf(page, sql`failed.id`);
  const jobs = sql`(SELECT job.version_id AS id, ${ofJobs.key} AS sort_key, job.workspace_id, job.attempts,
      job.created_at, job.leased_at AS started_at, CASE WHEN ${isRunning} THEN 'running' ELSE 'waiting' END AS state
    FROM ingestion_jobs job WHERE ${allOf([isJob(place, page), ofJobs.behind])} ORDER BY ${ofJobs.orderBy} LIMIT ${limit})`;
  const failed = sql`(SELECT failed.id, ${ofFailed.key} AS sort_key, failed.workspace_id, 0 AS attempts,
      failed.created_at, NULL::timestamptz AS started_at, 'failed' AS state
    FROM document_versions failed WHERE ${allOf([isFailed(place, page), ofFailed.behind])} ORDER BY ${ofFailed.orderBy} LIMIT ${limit})`;
  if (state !== undefined) return state === 'failed' ? failed : jobs;
  return sql`SELECT * FROM (${jobs} UNION ALL ${failed}) AS either
    ORDER BY id ${page.order === 'asc' ? sql`ASC` : sql`DESC`} LIMIT ${limit}`;
}

const isJob = ({ workspaceId, workspaces }: Place, { state, q }: JobFilter) =>
  allOf([
    ofWorkspace(sql`job.workspace_id`, workspaceId),
    isOneOf(sql`job.workspace_id`, workspaces),
    isCalled(sql`job.version_id`, q),
    state === 'running' && isRunning,
    state === 'waiting' && isWaiting,
  ]);

const isFailed = ({ workspaceId, workspaces }: Place, { q }: JobFilter) =>
  allOf([
    ofWorkspace(sql`failed.workspace_id`, workspaceId),
    sql`failed.state = 'failed' AND failed.role <> 'past'`,
    isOneOf(sql`failed.workspace_id`, workspaces),
    isCalled(sql`failed.id`, q),
  ]);

const isCalled = (version: RawBuilder<unknown>, q: string | undefined) =>
  q !== undefined &&
  isAmong(version, sql`SELECT versions_with_words(to_tsquery('simple', ${wordsQuery(q)}))`);

/** What has failed is tried again, and all else cancelled. */
export async function matchingJobs(
  db: Db,
  workspaceId: number | undefined,
  { filter, action }: { filter: JobFilter; action: (typeof jobActions)[number] | undefined },
): Promise<Matching> {
  const place = { workspaceId, workspaces: await findWorkspaceIds(db, filter.workspace) };
  const { state } = filter;
  const jobs = { id: sql`job.version_id`, rows: sql`ingestion_jobs job WHERE ${isJob(place, filter)}` };
  const failed = { id: sql`failed.id`, rows: sql`document_versions failed WHERE ${isFailed(place, filter)}` };
  return [
    ...(state === 'failed' || action === 'retry' ? [] : [jobs]),
    ...((state !== undefined && state !== 'failed') || action === 'cancel' ? [] : [failed]),
  ];
}

const keyOf = (page: JobPage, id: RawBuilder<unknown>) =>
  keysetPage(page, { id: { by: id, type: 'bigint' } }, id);

/** A workspace's own handle sees its own name only, which is all it needs. */
async function readNames(db: Db, ids: number[]): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('workspaces')
    .select(['id', 'name'])
    .where('id', 'in', [...new Set(ids)])
    .execute();
  return new Map(rows.map(({ id, name }) => [id, name]));
}

function toRow(
  { sort_key: _, workspace_id, error_code, error_message, created_at, started_at, ...row }: Found,
  workspaceName: string,
): Row {
  return {
    ...row,
    error: error_code === null ? null : { code: error_code, message: error_message ?? '' },
    created_at: created_at.toISOString(),
    started_at: started_at?.toISOString() ?? null,
    workspace: { id: workspace_id, name: workspaceName },
  };
}

export type Job = { id: number; workspaceId: number; documentId: number; state: State };

/** Those of the jobs that there are; of all workspaces where none is given. */
export async function findJobs(db: Db, workspaceId: number | undefined, ids: number[]): Promise<Job[]> {
  const { rows } = await sql<Job>`
    SELECT job.version_id AS id, job.workspace_id AS "workspaceId", v.document_id AS "documentId",
      CASE WHEN ${isRunning} THEN 'running' ELSE 'waiting' END AS state
    FROM ingestion_jobs job
    JOIN document_versions v ON v.workspace_id = job.workspace_id AND v.id = job.version_id
    WHERE ${ofWorkspace(sql`job.workspace_id`, workspaceId)} AND job.version_id = ANY(${ids}::bigint[])
    UNION ALL SELECT v.id, v.workspace_id, v.document_id, 'failed' FROM document_versions v
    WHERE ${ofWorkspace(sql`v.workspace_id`, workspaceId)} AND v.state = 'failed' AND v.role <> 'past'
      AND v.id = ANY(${ids}::bigint[])`.execute(db);
  return rows;
}
