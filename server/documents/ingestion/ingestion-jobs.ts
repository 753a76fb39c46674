import { sql } from 'kysely';
import type { Db, Trx } from '../../database/open-database.ts';

/** How long a worker may be silent before another takes its job. */
const LEASE_SECONDS = 30;
/** A job that brought down its worker this often, without having come further meanwhile, is given up. */
export const MOST_ATTEMPTS = 3;
/** Files up to this size are done in seconds and never wait for the end of larger ones. */
const SMALL_FILE_BYTES = 1024 * 1024;

export type IngestionJob = {
  id: number;
  workspaceId: number;
  versionId: number;
  documentId: number;
  /** Times that it was taken since it last came further. */
  attempts: number;
  /** Passages whose embeddings are saved; null until text, chunks and passages are. */
  savedPosition: number | null;
  owner: string;
};

/** Another worker has the job, or its document was deleted or replaced again: stop without a word. */
export class LeaseLostError extends Error {
  override name = 'LeaseLostError';
}

const leaseEnd = sql<Date>`now() + make_interval(secs => ${LEASE_SECONDS})`;

/**
 * Takes a job that nobody holds; undefined when there is none. Workspaces with the fewest running jobs come
 * first, then jobs that were never taken, in their order, then those that made way for others.
 *
 * @param smallOnly leaves the larger files to other loops.
 */
export async function leaseJob(
  db: Db,
  owner: string,
  { smallOnly }: { smallOnly: boolean },
): Promise<IngestionJob | undefined> {
  const isSmall = smallOnly ? sql`AND version.byte_size <= ${SMALL_FILE_BYTES}` : sql``;
  const { rows } = await sql<LeasedRow>`
    /* prepared: lease-job */
    WITH running AS (
      SELECT workspace_id, count(*) AS jobs FROM ingestion_jobs
      WHERE lease_owner IS NOT NULL AND lease_until >= now() GROUP BY workspace_id
    ), free AS (
      SELECT job.workspace_id, job.id, version.document_id
      FROM ingestion_jobs AS job
      JOIN document_versions AS version
        ON version.workspace_id = job.workspace_id AND version.id = job.version_id
      LEFT JOIN running ON running.workspace_id = job.workspace_id
      WHERE (job.lease_until IS NULL OR job.lease_until < now()) ${isSmall}
      ORDER BY coalesce(running.jobs, 0), job.leased_at NULLS FIRST, job.id
      LIMIT 1 FOR UPDATE OF job SKIP LOCKED
    )
    UPDATE ingestion_jobs AS job
    SET lease_owner = ${owner}, lease_until = ${leaseEnd}, leased_at = now(), attempts = attempts + 1
    FROM free WHERE job.workspace_id = free.workspace_id AND job.id = free.id
    RETURNING job.id, job.workspace_id, job.version_id, free.document_id, job.attempts, job.saved_position`.execute(
    db,
  );
  const [job] = rows;
  return (
    job && {
      id: job.id,
      workspaceId: job.workspace_id,
      versionId: job.version_id,
      documentId: job.document_id,
      attempts: job.attempts,
      savedPosition: job.saved_position,
      owner,
    }
  );
}

type LeasedRow = {
  id: number;
  workspace_id: number;
  version_id: number;
  document_id: number;
  attempts: number;
  saved_position: number | null;
};

/** Whether a workspace that has fewer jobs running than this job's is waiting for its turn. */
export async function othersWait(db: Db, { workspaceId }: IngestionJob): Promise<boolean> {
  const { rows } = await sql<{ wait: boolean }>`
    WITH running AS (
      SELECT workspace_id, count(*) AS jobs FROM ingestion_jobs
      WHERE lease_owner IS NOT NULL AND lease_until >= now() GROUP BY workspace_id
    )
    SELECT EXISTS (
      SELECT 1 FROM ingestion_jobs AS job LEFT JOIN running ON running.workspace_id = job.workspace_id
      WHERE (job.lease_until IS NULL OR job.lease_until < now()) AND job.workspace_id <> ${workspaceId}
        AND coalesce(running.jobs, 0) < (SELECT jobs FROM running WHERE workspace_id = ${workspaceId})
    ) AS wait`.execute(db);
  return rows[0]?.wait ?? false;
}

/** The heartbeat of the jobs that a worker has in hand: one that it has dropped must become free. */
export async function extendLeases(db: Db, owner: string, jobIds: number[]): Promise<void> {
  if (jobIds.length === 0) return;
  await db
    .updateTable('ingestion_jobs')
    .set({ lease_until: leaseEnd })
    .where('lease_owner', '=', owner)
    .where('id', 'in', jobIds)
    .execute();
}

/** Leaves the job alone for a lease's length: what it needs is away. */
export async function postponeJob(db: Db, job: IngestionJob): Promise<void> {
  await db
    .updateTable('ingestion_jobs')
    .set({ lease_owner: null, lease_until: leaseEnd })
    .where('workspace_id', '=', job.workspaceId)
    .where('id', '=', job.id)
    .where('lease_owner', '=', job.owner)
    .execute();
}

/** Gives jobs back for others to take at once; the interrupted attempt does not count. */
export async function returnJobs(db: Db, owner: string, jobIds: number[]): Promise<void> {
  if (jobIds.length === 0) return;
  await db
    .updateTable('ingestion_jobs')
    .set(row => ({
      lease_owner: null,
      lease_until: null,
      attempts: sql<number>`greatest(${row.ref('attempts')} - 1, 0)`,
    }))
    .where('lease_owner', '=', owner)
    .where('id', 'in', jobIds)
    .execute();
}

/** The process is known to be dead: others may take its jobs at once. The attempt counts: it may be what killed it. */
export async function endJobLeases(db: Db, owner: string): Promise<void> {
  await db
    .updateTable('ingestion_jobs')
    .set({ lease_owner: null, lease_until: null })
    .where('lease_owner', '=', owner)
    .execute();
}

/**
 * Notes how far the work has come; coming further gives it all its attempts again. First statement of every
 * transaction that saves work: it fails when the lease was lost, and its row lock keeps a deletion of the
 * document waiting until the transaction is over.
 *
 * @throws LeaseLostError
 */
export async function savePosition(trx: Trx, job: IngestionJob, position: number | null): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('ingestion_jobs')
    .set({
      saved_position: position,
      // However often a long work is interrupted, it ends as long as it comes further.
      attempts: sql<number>`CASE WHEN ${position}::int > coalesce(saved_position, -1) THEN 0 ELSE attempts END`,
    })
    .where('workspace_id', '=', job.workspaceId)
    .where('id', '=', job.id)
    .where('lease_owner', '=', job.owner)
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new LeaseLostError();
}

/**
 * Ends the job.
 *
 * @throws LeaseLostError
 */
export async function removeJob(trx: Trx, job: IngestionJob): Promise<void> {
  const { numDeletedRows } = await trx
    .deleteFrom('ingestion_jobs')
    .where('workspace_id', '=', job.workspaceId)
    .where('id', '=', job.id)
    .where('lease_owner', '=', job.owner)
    .executeTakeFirst();
  if (numDeletedRows !== 1n) throw new LeaseLostError();
}
