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

/**
 * A pool whose clients prepare the statements that begin with a mark: they are parsed and planned once a connection
 * instead of every time, which on the embedded database is more than half of what a short one takes. For statements of
 * the main paths whose text is always the same.
 *
 * @param isPooled a pooler gives every transaction another session: nothing is prepared.
 */
export function prepareStatements(pool: pg.Pool, { isPooled = false } = {}): PostgresPool {
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      const client = await pool.connect();
      const query = (statement: string | pg.QueryConfig, values?: unknown[]) => {
        if (typeof statement !== 'string') return client.query(statement);
        const name = isPooled ? undefined : preparedName(statement, 'whole');
        return client.query({ ...(name !== undefined && { name }), text: statement, values: values ?? [] });
      };
      // The pool's own client stays as it is.
      return Object.create(client, {
        query: { value: query },
        release: { value: client.release.bind(client) },
      });
    },
  };
}
