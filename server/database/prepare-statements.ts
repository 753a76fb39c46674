import { createHash } from 'node:crypto';
import type { PostgresPool } from 'kysely';
import { LRUCache } from 'lru-cache';
import type pg from 'pg';

/** More than there are marks: what a statement's variants with other conditions come to. */
const MOST_STATEMENTS = 500;
const mark = /^\s*\/\* prepared: ([a-z-]+) \*\//;

type Options = {
  /** A pooler gives every transaction another session: nothing is prepared. */
  isPooled?: boolean;
  /** For the answer to one statement; no limit when undefined. */
  timeoutMs?: number | undefined;
};

/**
 * A pool whose clients prepare the statements that begin with `/* prepared: some-name *\/`: they are parsed and
 * planned once a connection instead of every time, which on the embedded database is more than half of what a
 * short one takes. For statements of the main paths whose text is always the same.
 *
 * A connection on which no answer came in time is given up: the server may be gone without a word, and everything sent
 * after it would wait for the same answer.
 */
export function prepareStatements(
  pool: pg.Pool,
  { isPooled = false, timeoutMs }: Options = {},
): PostgresPool {
  const names = new LRUCache<string, string>({ max: MOST_STATEMENTS });
  const nameOf = (text: string): string | undefined => {
    const name = isPooled ? undefined : mark.exec(text)?.[1];
    if (name === undefined) return undefined;
    const known = names.get(text);
    if (known) return known;
    // One mark may stand before several texts; PostgreSQL keeps 63 characters.
    const hash = createHash('sha256').update(text).digest('base64url').slice(0, 12);
    const named = `${name.slice(0, 48)}-${hash}`;
    names.set(text, named);
    return named;
  };
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      let silence: Error | undefined;
      const query = async (text: string | pg.Submittable, values?: unknown[]) => {
        if (typeof text !== 'string') return client.query(text);
        if (silence) throw silence;
        const name = nameOf(text);
        const statement = { ...(name !== undefined && { name }), text, values: values ?? [] };
        if (timeoutMs === undefined) return client.query(statement);
        // What `pg` takes and its types leave out.
        const limited: pg.QueryConfig & { query_timeout: number } = {
          ...statement,
          query_timeout: timeoutMs,
        };
        return client.query(limited).catch((error: Error) => {
          if (error.message === 'Query read timeout') silence = error;
          throw error;
        });
      };
      // The pool's own client stays as it is.
      return Object.create(client, {
        query: { value: query },
        release: { value: (why?: Error | boolean) => client.release(silence ?? why) },
      });
    },
  };
}
