import pg from 'pg';

const condition = /(?:"?\w+"?\.)?"?workspace_id"?\s*=\s*(\$\d+)/g;

/**
 * Takes the conditions on workspaces out of every statement that is sent while `work` runs, as if whoever wrote it had
 * forgotten them.
 *
 * @returns what came of it, and how many conditions there were.
 */
export async function withoutConditions<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  const { parse } = pg.Connection.prototype;
  let removed = 0;
  pg.Connection.prototype.parse = function (query, more) {
    const text = query.text.replace(condition, (_, parameter: string) => {
      removed += 1;
      return `(${parameter}::bigint IS NOT NULL)`;
    });
    return parse.call(this, { ...query, text }, more);
  };
  try {
    return [await work(), removed];
  } finally {
    pg.Connection.prototype.parse = parse;
  }
}
