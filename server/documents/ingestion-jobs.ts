import { sql } from 'kysely';
import type { Db, Trx } from '../database/open-database.ts';

/** How long a worker may be silent before another takes its job. */
const LEASE_SECONDS = 30;
/** A job that brought down its worker this often is given up. */
export const MOST_ATTEMPTS = 3;

export type IngestionJob = {
  id: number;
  workspaceId: number;
  documentId: number;
  attempts: number;
  /** Passages whose embeddings are saved; null until chunks and passages are. */
  savedPosition: number | null;
  owner: string;
};

/** Another worker has the job, or its document was deleted: stop without a word. */
export class LeaseLostError extends Error {
  override name = 'LeaseLostError';
}

const leaseEnd = sql<Date>`now() + make_interval(secs => ${LEASE_SECONDS})`;

/** Takes the oldest job that nobody holds; undefined when there is none. */
export async function leaseJob(db: Db, owner: string): Promise<IngestionJob | undefined> {
  const free = db
    .selectFrom('ingestion_jobs')
    .select('id')
    .where(row => row.or([row('lease_until', 'is', null), row('lease_until', '<', sql<Date>`now()`)]))
    .orderBy('id')
    .limit(1)
    .forUpdate()
    .skipLocked();
  const job = await db
    .updateTable('ingestion_jobs')
    .set(row => ({ lease_owner: owner, lease_until: leaseEnd, attempts: row('attempts', '+', 1) }))
    .where('id', 'in', free)
    .returning(['id', 'workspace_id', 'document_id', 'attempts', 'saved_position'])
    .executeTakeFirst();
  return (
    job && {
      id: job.id,
      workspaceId: job.workspace_id,
      documentId: job.document_id,
      attempts: job.attempts,
      savedPosition: job.saved_position,
      owner,
    }
  );
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
    .set(row => ({ lease_owner: null, lease_until: null, attempts: row('attempts', '-', 1) }))
    .where('lease_owner', '=', owner)
    .where('id', 'in', jobIds)
    .execute();
}

/**
 * Notes how far the work has come. First statement of every transaction that saves work: it fails when the
 * lease was lost, and its row lock keeps a deletion of the document waiting until the transaction is over.
 *
 * @throws LeaseLostError
 */
export async function savePosition(trx: Trx, job: IngestionJob, position: number | null): Promise<void> {
  const { numUpdatedRows } = await trx
    .updateTable('ingestion_jobs')
    .set({ saved_position: position })
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
