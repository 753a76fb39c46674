import { sql } from 'kysely';
import type { Db } from '../../database/open-database.ts';
import { RequestError } from '../../errors.ts';
import { sha256Of } from '../keys/secrets.ts';

const WINDOW_SECONDS = 900;
/** One address at one account, one address at any, any address at one account. */
const MOST_TOGETHER = 5;
const MOST_OF_ADDRESS = 50;
const MOST_AT_ACCOUNT = 100;

type Attempt = { email: string; address: string };

/**
 * Counts a guess at a password before it is looked at, so that many at once are counted too; for accounts that
 * there are and for those that there are not. Shared by all processes.
 *
 * @throws RequestError sign_in_throttled with the seconds to wait.
 */
export async function countAttempt(db: Db, attempt: Attempt): Promise<void> {
  const subjects = subjectsOf(attempt);
  const { rows } = await sql<{ subject: string; attempts: number; seconds: number }>`
    INSERT INTO sign_in_attempts AS known (subject, attempts, window_ends_at)
    SELECT subject, 1, now() + ${WINDOW_SECONDS} * interval '1 second'
    FROM unnest(${[...subjects.keys()]}::text[]) AS subject ORDER BY subject
    ON CONFLICT (subject) DO UPDATE SET
      attempts = CASE WHEN known.window_ends_at < now() THEN 1 ELSE known.attempts + 1 END,
      window_ends_at =
        CASE WHEN known.window_ends_at < now() THEN excluded.window_ends_at ELSE known.window_ends_at END
    RETURNING subject, attempts, ceil(extract(epoch FROM window_ends_at - now()))::integer AS seconds`.execute(
    db,
  );
  const over = rows.filter(row => row.attempts > (subjects.get(row.subject) ?? 0));
  if (over.length === 0) return;
  throw new RequestError('sign_in_throttled', 'Too many attempts to sign in. Try again later.', {
    retryAfterSeconds: Math.max(1, ...over.map(row => row.seconds)),
  });
}

/** Whoever has signed in was not guessing: their attempts no longer count. */
export async function forgetAttempts(db: Db, attempt: Attempt): Promise<void> {
  const subjects = [...subjectsOf(attempt).keys()].sort();
  await sql`UPDATE sign_in_attempts SET attempts =
      CASE WHEN subject = ${togetherOf(attempt)} THEN 0 ELSE greatest(attempts - 1, 0) END
    WHERE subject = ANY(${subjects}::text[])`.execute(db);
  await db.deleteFrom('sign_in_attempts').where('window_ends_at', '<', new Date()).execute();
}

/** Hashed: what people mistype as their address is nobody's business. */
function subjectsOf(attempt: Attempt): Map<string, number> {
  return new Map([
    [togetherOf(attempt), MOST_TOGETHER],
    [sha256Of(`address ${attempt.address}`), MOST_OF_ADDRESS],
    [sha256Of(`account ${attempt.email}`), MOST_AT_ACCOUNT],
  ]);
}

const togetherOf = ({ email, address }: Attempt) => sha256Of(`both ${address} ${email}`);
