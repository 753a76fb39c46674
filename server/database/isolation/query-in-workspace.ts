import pg from 'pg';

/**
 * What every statement of a workspace is preceded by. A local setting ends with its transaction, and in the extended
 * protocol everything up to a Sync is one: so both are gone before the connection serves anybody else, also behind
 * PgBouncer in transaction mode.
 */
export type WorkspacePreamble = {
  /** Undefined: nothing is prepared, because sessions change between transactions. */
  name: string | undefined;
  /** Takes the workspace's id as $1 and the user as $2, and gives one row. */
  text: string;
};

export type WorkspaceSettings = {
  workspaceId: number;
  /** Whose chats it sees: a user's id, 0 for nobody's, empty for all of the workspace. */
  user: string;
};

/** The parts of a connection and of a query of `pg` that its types leave out. */
type Connection = pg.Connection & {
  parse(query: { text: string }): void;
  /** Texts by name, of what this connection has prepared. */
  parsedStatements: Record<string, string | undefined>;
  bind(config: pg.BindConfig): void;
  execute(config: pg.ExecuteConfig): void;
  stream: { cork(): void; uncork(): void };
};
type Query = pg.Query & {
  handleDataRow(message: unknown): void;
  handleCommandComplete(message: unknown, connection: unknown): void;
};
export type WorkspaceClient = {
  connection: Connection;
  query(statement: pg.Submittable | pg.QueryConfig): unknown;
};

/**
 * Sends the statement behind the preamble, in one round trip.
 *
 * @param statement with a `name` it is prepared; row-level security is planned into it, so the name must not be used
 * outside of workspaces.
 */
export async function queryInWorkspace(
  client: WorkspaceClient,
  { name, text }: WorkspacePreamble,
  { workspaceId, user }: WorkspaceSettings,
  statement: pg.QueryConfig,
): Promise<pg.QueryResult> {
  const values = [String(workspaceId), user];
  // Once for each connection: what is prepared costs its execution only.
  if (name !== undefined && client.connection.parsedStatements[name] !== text)
    await client.query({ name, text, values });
  return new Promise((resolve, reject) => {
    const config = { ...statement, queryMode: 'extended' };
    const callback = (error: Error | undefined, result: pg.QueryResult) => {
      if (!error) return resolve(result);
      // As `pg` does: from here it leads to who asked.
      Error.captureStackTrace(error);
      reject(error);
    };
    const query = new pg.Query(config, callback) as Query;
    const { submit, handleDataRow, handleCommandComplete } = query;
    query.submit = () => {
      const { connection } = client;
      connection.stream.cork();
      if (name === undefined) connection.parse({ text });
      connection.bind({ statement: name, values, valueMapper: value => value });
      connection.execute({});
      const failed = submit.call(query, connection);
      connection.stream.uncork();
      return failed;
    };
    // The preamble's own row and end come first.
    let isBehind = false;
    query.handleDataRow = message => {
      if (isBehind) handleDataRow.call(query, message);
    };
    query.handleCommandComplete = (message, connection) => {
      if (isBehind) handleCommandComplete.call(query, message, connection);
      isBehind = true;
    };
    client.query(query);
  });
}
