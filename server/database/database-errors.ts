/** SQLSTATE classes and codes, and system errors, that mean: the server is away or going away. */
const awayCodes =
  /^(08...|57P0[1-3]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ENOTFOUND|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH)$/;
/** What `pg` says without a code. */
const awayMessages =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error/;

/** Whether the error came from a database that can't be reached now, but may be later. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = errorCode(error);
  // System errors also come from files: those of `pg` name the call.
  if (code === 'ENOENT') return 'syscall' in error && error.syscall === 'connect';
  return (code !== undefined && awayCodes.test(code)) || awayMessages.test(error.message);
}

/** SQLSTATE 53100: no space left on the database's disk. */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error ? errorCode(error) : undefined;
  return code === '53100' || code === 'ENOSPC';
}

/** SQLSTATE 23505 on the named constraint. */
export function isUniqueViolation(error: unknown, constraint: string): boolean {
  return (
    error instanceof Error &&
    errorCode(error) === '23505' &&
    'constraint' in error &&
    error.constraint === constraint
  );
}

function errorCode(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
