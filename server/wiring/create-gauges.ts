/** What is looked up when somebody asks for the metrics. */
import { sql } from 'kysely';
import type { OpenDatabase } from '../database/open-database.ts';
import type { Gauges } from '../observing/metrics.ts';

type Parts = {
  database: OpenDatabase;
  answers: { readonly running: number };
  backups: { lastAt(): Date | undefined };
};

export function createGauges({ database, answers, backups }: Parts): Gauges {
  const { db } = database;
  return {
    answersRunning: () => answers.running,
    connections: database.connections,
    lastBackupAt: backups.lastAt,
    async jobs() {
      const { rows } = await sql<{ waiting: number; running: number; oldest: number | null }>`
        SELECT count(*) FILTER (WHERE NOT is_leased) AS waiting, count(*) FILTER (WHERE is_leased) AS running,
          extract(epoch FROM now() - min(created_at) FILTER (WHERE NOT is_leased))::float8 AS oldest
        FROM (SELECT created_at, coalesce(lease_owner IS NOT NULL AND lease_until > now(), false) AS is_leased
          FROM ingestion_jobs) AS jobs`.execute(db);
      const [found] = rows;
      const { waiting = 0, running = 0 } = found ?? {};
      return { waiting, running, oldestWaitingSeconds: Math.max(0, found?.oldest ?? 0) };
    },
    async documents() {
      const { rows } = await sql<{ state: string; count: number }>`
        SELECT state, count(*) AS count FROM document_versions WHERE role = 'current' GROUP BY state`.execute(
        db,
      );
      return rows;
    },
  };
}
