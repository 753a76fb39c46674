import { sql } from 'kysely';
import type { Db } from '../database/open-database.ts';

export type Spent = {
  limitName: string;
  subject: string;
  windowStartMs: number;
  amount: number;
  windowMs: number;
};
export type Total = { limitName: string; subject: string; windowStartMs: number; spent: number };

/** Adds what this process has let through, and returns what all have. One statement, whatever the number of rows. */
export async function addSpent(db: Db, rows: readonly Spent[]): Promise<Total[]> {
  // In one order, so that two processes do not wait for each other.
  const ordered = [...rows].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const found = await sql<{ limit_name: string; subject: string; window_start: Date; spent: number }>`
    INSERT INTO limit_spending AS known (limit_name, subject, window_start, spent, expires_at)
    SELECT * FROM unnest(${ordered.map(row => row.limitName)}::text[], ${ordered.map(row => row.subject)}::text[],
      ${ordered.map(row => new Date(row.windowStartMs))}::timestamptz[], ${ordered.map(row => row.amount)}::bigint[],
      ${ordered.map(row => new Date(row.windowStartMs + row.windowMs))}::timestamptz[])
    ON CONFLICT (limit_name, subject, window_start, owner) DO UPDATE SET spent = known.spent + EXCLUDED.spent
    RETURNING limit_name, subject, window_start, spent`.execute(db);
  return found.rows.map(row => ({
    limitName: row.limit_name,
    subject: row.subject,
    windowStartMs: row.window_start.getTime(),
    spent: row.spent,
  }));
}

const keyOf = ({ limitName, subject, windowStartMs }: Spent) => `${limitName} ${subject} ${windowStartMs}`;

/** Seconds after which what a silent process has running counts no more. */
const LEASE_SECONDS = 30;

/** Writes how much each subject has running in this process, and returns how much in all others. */
export async function shareRunning(
  db: Db,
  owner: string,
  running: ReadonlyMap<string, number>,
): Promise<Map<string, number>> {
  const subjects = [...running.keys()].sort();
  const { rows } = await sql<{ subject: string; others: number }>`
    WITH mine AS (
      INSERT INTO limit_spending (limit_name, subject, window_start, owner, spent, expires_at)
      SELECT 'answers', subject, 'epoch', ${owner}, spent, now() + make_interval(secs => ${LEASE_SECONDS})
      FROM unnest(${subjects}::text[], ${subjects.map(subject => running.get(subject) ?? 0)}::bigint[])
        AS own (subject, spent)
      ON CONFLICT (limit_name, subject, window_start, owner)
      DO UPDATE SET spent = EXCLUDED.spent, expires_at = EXCLUDED.expires_at
    )
    SELECT subject, sum(spent)::int AS others FROM limit_spending
    WHERE limit_name = 'answers' AND subject = ANY(${subjects}::text[]) AND owner <> ${owner} AND expires_at > now()
    GROUP BY subject`.execute(db);
  return new Map(rows.map(({ subject, others }) => [subject, others]));
}

/** The process is dead: nothing of it runs any more. */
export async function forgetRunning(db: Db, owner: string): Promise<void> {
  await sql`DELETE FROM limit_spending WHERE owner = ${owner}`.execute(db);
}

/** Windows that are over, and processes that are gone. */
export async function forgetExpired(db: Db): Promise<void> {
  await sql`DELETE FROM limit_spending WHERE expires_at < now() - interval '1 minute'`.execute(db);
}
