import type pg from 'pg';

/**
 * Whether a pooler such as PgBouncer stands before the server. It gives every client a process id of its own making,
 * and statements that follow each other may run in different sessions: nothing that belongs to one may be used then,
 * which is named prepared statements, LISTEN and locks of the session.
 */
export async function isBehindPooler(pool: pg.Pool): Promise<boolean> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    return 'processID' in client && client.processID !== rows[0]?.pid;
  } finally {
    client.release();
  }
}
