import { createHash } from 'node:crypto';
import type { PostgresPool } from 'kysely';
import { LRUCache } from 'lru-cache';
import type pg from 'pg';

/** More than there are marks: what a statement's variants with other conditions come to. */
const MOST_STATEMENTS = 500;
const mark = /^\s*\/\* prepared: ([a-z-]+) \*\//;
const names = new LRUCache<string, string>({ max: MOST_STATEMENTS });

/**
 * The name under which a connection prepares a statement that begins with `/* prepared: some-name *\/`.
 *
 * @param role plans are made for whoever runs them: row-level security is part of them.
 */
export function preparedName(text: string, role: 'whole' | 'workspace'): string | undefined {
  const name = mark.exec(text)?.[1];
  if (name === undefined) return undefined;
  let known = names.get(text);
  if (!known) {
    // One mark may stand before several texts; PostgreSQL keeps 63 characters.
    const hash = createHash('sha256').update(text).digest('base64url').slice(0, 12);
    known = `${name.slice(0, 48)}-${hash}`;
    names.set(text, known);
  }
  return role === 'workspace' ? `${known}-w` : known;
}

type Options = {
  /** A pooler gives every transaction another session: nothing is prepared. */
  isPooled?: boolean;
  /** For the answer to one statement; no limit when undefined. */
  timeoutMs?: number | undefined;
};

/** What `pg` reads of a statement or a query, and its types leave out. */
type Limited = { query_timeout?: number };
type Callback = (error: Error | undefined, result: pg.QueryResult) => void;

/**
 * A pool whose clients prepare the statements that begin with a mark: they are parsed and planned once a connection
 * instead of every time, which on the embedded database is more than half of what a short one takes. For statements of
 * the main paths whose text is always the same.
 *
 * A connection on which no answer came in time is given up: the server may be gone without a word, and everything sent
 * after it would wait for the same answer.
 */
export function prepareStatements(
  pool: pg.Pool,
  { isPooled = false, timeoutMs }: Options = {},
): PostgresPool {
  const toConfig = (text: string, values: unknown[]): pg.QueryConfig => {
    const name = isPooled ? undefined : preparedName(text, 'whole');
    return { ...(name !== undefined && { name }), text, values };
  };
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      let silence: Error | undefined;
      const note = (error: Error | undefined) => {
        if (error?.message === 'Query read timeout') silence = error;
      };
      const query = (given: string | pg.QueryConfig | pg.Submittable, values: unknown[] = []) => {
        const statement = typeof given === 'string' ? toConfig(given, values) : given;
        if (silence) {
          if ('submit' in statement) throw silence;
          return Promise.reject(silence);
        }
        if (timeoutMs !== undefined) Object.assign<object, Limited>(statement, { query_timeout: timeoutMs });
        if (!('submit' in statement))
          return client.query(statement).catch((error: Error) => {
            note(error);
            throw error;
          });
        const submitted = statement as pg.Submittable & { callback?: Callback };
        const { callback } = submitted;
        submitted.callback = (error, result) => {
          note(error);
          callback?.(error, result);
        };
        return client.query(submitted);
      };
      // The pool's own client stays as it is.
      return Object.create(client, {
        query: { value: query },
        release: { value: (why?: Error | boolean) => client.release(silence ?? why) },
      });
    },
  };
}
