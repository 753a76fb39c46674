import { sql } from 'kysely';
import type { Db } from '../database/open-database.ts';

type Failure = { code: string; count: number };

/** The versions of documents that came in an hour, as they stand now. */
export type DocumentHour = {
  hour: Date;
  ready: number;
  failed: number;
  inWork: number;
  passages: number;
  bytes: number;
  /** Milliseconds; null where none is ready. */
  processingP50: number | null;
  processingP95: number | null;
};

/** By hour from `from`, which begins one; hours without a document are left out. */
export async function readDocumentHours(db: Db, workspaceId: number, from: Date): Promise<DocumentHour[]> {
  const { rows } = await sql<DocumentHour>`
    SELECT date_bin('1 hour', created_at, ${from}::timestamptz) AS hour,
      count(*) FILTER (WHERE state = 'ready')::int AS ready,
      count(*) FILTER (WHERE state = 'failed')::int AS failed,
      count(*) FILTER (WHERE state NOT IN ('ready', 'failed', 'deleting'))::int AS "inWork",
      sum(passage_count)::float8 AS passages, sum(byte_size)::float8 AS bytes,
      percentile_disc(0.5) WITHIN GROUP (ORDER BY processing_ms) AS "processingP50",
      percentile_disc(0.95) WITHIN GROUP (ORDER BY processing_ms) AS "processingP95"
    FROM document_versions WHERE workspace_id = ${workspaceId} AND created_at >= ${from}
    GROUP BY 1`.execute(db);
  return rows;
}

/** Why documents that came since then failed, the most frequent reason first. */
export async function countDocumentFailures(
  db: Db,
  workspaceId: number,
  { from, limit }: { from: Date; limit: number },
): Promise<Failure[]> {
  const { rows } = await sql<Failure>`
    SELECT error_code AS code, count(*)::int AS count FROM document_versions
    WHERE workspace_id = ${workspaceId} AND created_at >= ${from} AND state = 'failed' AND error_code IS NOT NULL
    GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${limit}`.execute(db);
  return rows;
}

type JobCounts = { waiting: number; running: number; retried: number; oldestAt: Date | null };

/** The work on documents that there is at this moment. */
export async function countJobs(db: Db, workspaceId: number): Promise<JobCounts> {
  const { rows } = await sql<JobCounts>`
    SELECT count(*) FILTER (WHERE lease_until IS NULL OR lease_until < now())::int AS waiting,
      count(*) FILTER (WHERE lease_until >= now())::int AS running,
      count(*) FILTER (WHERE attempts > 1)::int AS retried, min(created_at) AS "oldestAt"
    FROM ingestion_jobs WHERE workspace_id = ${workspaceId}`.execute(db);
  return rows[0] ?? { waiting: 0, running: 0, retried: 0, oldestAt: null };
}

type Storage = { documents: number; passages: number; fileBytes: number };

/** What all documents take. Reads a small row for each of them. */
export async function readStorage(db: Db, workspaceId: number): Promise<Storage> {
  const { rows } = await sql<Storage>`
    SELECT count(*)::int AS documents, coalesce(sum(passage_count), 0)::float8 AS passages,
      (SELECT coalesce(sum(byte_size), 0)::float8 FROM stored_files WHERE workspace_id = ${workspaceId}) AS "fileBytes"
    FROM document_versions WHERE workspace_id = ${workspaceId} AND role = 'current' AND state <> 'deleting'`.execute(
    db,
  );
  return rows[0] ?? { documents: 0, passages: 0, fileBytes: 0 };
}

/**
 * All that the database takes, of whatever workspace. Asked by its owner: a workspace's role may have no right to
 * connect, which PostgreSQL wants for it.
 */
export async function readDatabaseBytes(wholeDb: Db): Promise<number> {
  const { rows } = await sql<{ bytes: number }>`
    SELECT pg_database_size(current_database())::float8 AS bytes`.execute(wholeDb);
  return rows[0]?.bytes ?? 0;
}
