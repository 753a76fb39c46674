/** The server refused; its message is a sentence for people. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** True when every other request would be refused for the same reason. */
  get concernsAll(): boolean {
    return [401, 403, 421, 503, 507].includes(this.status);
  }
}

/** There is no answer, or it is not from Lectern. */
export class ServerAwayError extends Error {
  override name = 'ServerAwayError';
}

/** The file on this machine can't be read (any more). */
export class FileError extends Error {
  override name = 'FileError';
}
