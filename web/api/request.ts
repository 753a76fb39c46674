import type { ErrorCode } from '../../contract/errors.ts';
import { apiUrl } from './root-path.ts';
import { setSignInNeeded } from './sign-in-needed.ts';

/** What the server refused, or that it could not be reached. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly code: ErrorCode | 'unreachable';
  /** HTTP status; 0 when there was no answer. */
  readonly status: number;
  readonly requestId: string | undefined;
  /** What else the error says, as a running message's id. */
  readonly details: Record<string, unknown>;

  constructor(
    code: ErrorCode | 'unreachable',
    message: string,
    {
      status,
      requestId,
      details = {},
    }: { status: number; requestId?: string; details?: Record<string, unknown> },
  ) {
    super(message);
    this.code = code;
    this.status = status;
    this.requestId = requestId;
    this.details = details;
  }
}

type Body = { error?: { code?: ErrorCode; message?: string; requestId?: string } } | null;

/** The error that a response that is not ok holds. */
async function readError(response: Response): Promise<ApiError> {
  const body: Body = await response.json().catch(() => null);
  return errorFromBody(response.status, body);
}

export function errorFromBody(status: number, body: Body): ApiError {
  const { code = 'internal_error', message = `HTTP ${status}`, requestId, ...details } = body?.error ?? {};
  if (code === 'not_signed_in') setSignInNeeded(true);
  return new ApiError(code, message, { status, details, ...(requestId !== undefined && { requestId }) });
}

type Options = {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal | undefined;
};

/**
 * A request to the API.
 *
 * @throws ApiError when the server refuses or can't be reached.
 */
export async function send(
  path: string,
  { method = 'GET', body, headers, signal }: Options = {},
): Promise<Response> {
  const response = await fetch(apiUrl(path), {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    ...(signal && { signal }),
    // Done even when the page is being closed.
    keepalive: method === 'DELETE',
  }).catch((error: unknown) => {
    if (signal?.aborted) throw error;
    throw new ApiError('unreachable', 'The server can’t be reached.', { status: 0 });
  });
  if (!response.ok) throw await readError(response);
  return response;
}

/** As `send`, and reads the JSON of the answer, whose shape the contract says. */
export async function request<Answer>(path: string, options?: Options): Promise<Answer> {
  const response = await send(path, options);
  return response.json() as Promise<Answer>;
}
