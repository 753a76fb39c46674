import pg from 'pg';

/**
 * Lets every statement with parameters, or of a workspace, pass through `change` on its way to the database while `work`
 * runs; one that was prepared before passes unseen.
 */
async function changeStatements<Result>(
  change: (text: string) => string,
  work: () => Promise<Result>,
): Promise<Result> {
  const { parse } = pg.Connection.prototype;
  pg.Connection.prototype.parse = function (query, more) {
    return parse.call(this, { ...query, text: change(query.text) }, more);
  };
  try {
    return await work();
  } finally {
    pg.Connection.prototype.parse = parse;
  }
}

/** What is sent while `work` runs. */
export async function recordStatements(work: () => Promise<unknown>): Promise<string[]> {
  const sent: string[] = [];
  await changeStatements(text => {
    sent.push(text);
    return text;
  }, work);
  return sent;
}

const condition = /(?:"?\w+"?\.)?"?workspace_id"?\s*=\s*(\$\d+)/g;

/**
 * Takes the conditions on workspaces out of every statement, as if whoever wrote it had forgotten them.
 *
 * @returns what came of it, and how many conditions there were.
 */
export async function withoutConditions<Result>(work: () => Promise<Result>): Promise<[Result, number]> {
  let removed = 0;
  const remove = (_: string, parameter: string) => {
    removed += 1;
    return `(${parameter}::bigint IS NOT NULL)`;
  };
  const result = await changeStatements(text => text.replace(condition, remove), work);
  return [result, removed];
}
