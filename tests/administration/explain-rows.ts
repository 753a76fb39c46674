import { sql } from 'kysely';
import pg from 'pg';
import type { Db } from '../../server/database/open-database.ts';

type Statement = { text: string; values: unknown[] };

/** The SELECTs with parameters that are sent while `work` runs, as they are sent. */
async function recordSelects(work: () => Promise<unknown>): Promise<Statement[]> {
  const { parse, bind } = pg.Connection.prototype;
  const sent: Statement[] = [];
  let text = '';
  pg.Connection.prototype.parse = function (query, more) {
    text = query.text;
    return parse.call(this, query, more);
  };
  pg.Connection.prototype.bind = function (config, more) {
    if (/^\s*SELECT\b(?!\s+set_config)/i.test(text)) sent.push({ text, values: [...(config?.values ?? [])] });
    text = '';
    return bind.call(this, config, more);
  };
  try {
    await work();
  } finally {
    Object.assign(pg.Connection.prototype, { parse, bind });
  }
  return sent;
}

type Plan = {
  'Node Type': string;
  'Actual Rows': number;
  'Actual Loops': number;
  'Rows Removed by Filter'?: number;
  'Rows Removed by Index Recheck'?: number;
  Plans?: Plan[];
};

/** How many rows the scans of a plan read, those that a filter took away included. */
function rowsRead(plan: Plan): number {
  const inside = (plan.Plans ?? []).reduce((sum, one) => sum + rowsRead(one), 0);
  if (!/Scan$/.test(plan['Node Type'])) return inside;
  const removed = (plan['Rows Removed by Filter'] ?? 0) + (plan['Rows Removed by Index Recheck'] ?? 0);
  return inside + plan['Actual Loops'] * (plan['Actual Rows'] + removed);
}

/**
 * The most rows that PostgreSQL reads for one of the SELECTs that `work` sends, with the plan of that.
 *
 * @param workspaceId the statements are those of this workspace, under row-level security
 */
export async function mostRowsRead(
  db: Db,
  workspaceId: number | undefined,
  work: () => Promise<unknown>,
): Promise<{ rows: number; plan: string }> {
  const statements = await recordSelects(work);
  let most = { rows: -1, plan: '' };
  for (const { text, values } of statements) {
    // Whoever reads users, or finds ids by names, has the whole database.
    const isWhole = /from "users"|SELECT id FROM \w+ WHERE words_of/i.test(text);
    const plan = await explain(db, isWhole ? undefined : workspaceId, { text, values });
    const rows = rowsRead(plan);
    if (rows > most.rows) most = { rows, plan: `${text}\n${JSON.stringify(plan, null, 1)}` };
  }
  return most;
}

async function explain(db: Db, workspaceId: number | undefined, { text, values }: Statement): Promise<Plan> {
  return db.transaction().execute(async trx => {
    if (workspaceId !== undefined)
      await sql`SELECT set_config('role', 'lectern_app', true),
        set_config('lectern.workspace_id', ${String(workspaceId)}, true)`.execute(trx);
    const parts = text.split(/\$\d+/);
    const order = [...text.matchAll(/\$(\d+)/g)].map(([, number]) => values[Number(number) - 1]);
    const statement = sql.join(
      parts.flatMap((part, index) =>
        index < order.length ? [sql.raw(part), sql`${order[index]}`] : [sql.raw(part)],
      ),
      sql``,
    );
    const { rows } = await sql<{
      'QUERY PLAN': [{ Plan: Plan }];
    }>`EXPLAIN (ANALYZE, FORMAT JSON) ${statement}`.execute(trx);
    const plan = rows[0]?.['QUERY PLAN'][0].Plan;
    if (!plan) throw new Error('there is no plan');
    return plan;
  });
}

/** The most rows that PostgreSQL reads within a function that searches words of a workspace as the tables' owner. */
export async function rowsReadWithin(
  db: Db,
  name: string,
  workspaceId: number,
  words: string,
): Promise<number> {
  const { rows } = await sql<{
    body: string;
  }>`SELECT prosrc AS body FROM pg_proc WHERE proname = ${name}`.execute(db);
  const body = rows[0]?.body ?? '';
  return db.transaction().execute(async trx => {
    await sql`SELECT set_config('lectern.workspace_id', ${String(workspaceId)}, true)`.execute(trx);
    const { rows: plans } = await sql<{
      'QUERY PLAN': [{ Plan: Plan }];
    }>`EXPLAIN (ANALYZE, FORMAT JSON) ${sql.raw(
      body.replaceAll('@@ words', `@@ '${words}'::tsquery`),
    )}`.execute(trx);
    const plan = plans[0]?.['QUERY PLAN'][0].Plan;
    if (!plan) throw new Error('there is no plan');
    return rowsRead(plan);
  });
}
