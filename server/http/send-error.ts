import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import type { ErrorCode } from '../../contract/errors.ts';
import { isDatabaseAway, isDiskFull } from '../database/database-errors.ts';
import { AppError, NotFoundError, RequestError, UnavailableError } from '../errors.ts';
import { toSentence } from './describe-issue.ts';
import { errorStatus } from './error-status.ts';

/** Seconds after which a client should try again when the database is away. */
const DATABASE_RETRY_SECONDS = 2;

/** Fastify's error handler: every error leaves as `{"error":{"code","message","requestId"}}`. */
export function sendError(thrown: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const error = toAppError(thrown);
  const status = errorStatus[error.code];
  // The body is masked for what nobody foresaw; the log is not.
  // Too much to do is said once for all (limits/refuse-overload.ts): each line more would add to it.
  if (status >= 500 && error.code !== 'overloaded')
    request.log.error({ err: thrown, code: error.code }, 'request failed');
  if (error.retryAfterSeconds !== undefined) reply.header('retry-after', String(error.retryAfterSeconds));
  return reply.status(status).send(errorBody(error, request.id));
}

export function errorBody(error: AppError, requestId: string) {
  return { error: { code: error.code, message: error.message, requestId, ...error.extra } };
}

function toAppError(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown;
  if (isDatabaseAway(thrown))
    return new UnavailableError('database_unavailable', 'The database is away. Try again in a moment.', {
      cause: thrown,
      retryAfterSeconds: DATABASE_RETRY_SECONDS,
    });
  if (isDiskFull(thrown)) return new AppError('storage_full', 'The disk is full.', { cause: thrown });
  if (thrown instanceof Error) return fromFastify(thrown as FastifyError);
  return internalError(thrown);
}

const internalError = (cause: unknown) =>
  new AppError('internal_error', 'Something went wrong; the log has the reason under this requestId.', {
    cause,
  });

/** What Fastify and its plugins refuse before a handler runs. */
function fromFastify(error: FastifyError): AppError {
  if (error.validationContext === 'params') return new NotFoundError('page');
  if (hasZodFastifySchemaValidationErrors(error))
    return new RequestError('invalid_request', error.validation.map(nameField).join(' '), {
      cause: error,
    });
  const known = fastifyErrors[error.code];
  if (known) return new RequestError(known.code, known.message, { cause: error });
  if (error.statusCode === 413)
    return new RequestError('request_too_large', 'The request is too large.', { cause: error });
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500)
    return new RequestError('invalid_request', error.message, { cause: error });
  return internalError(error);
}

const fastifyErrors: Record<string, { code: ErrorCode; message: string }> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: {
    code: 'unsupported_media_type',
    message: 'Send the body as application/json (or a file as multipart/form-data).',
  },
  FST_ERR_CTP_BODY_TOO_LARGE: { code: 'request_too_large', message: 'The request is too large.' },
  FST_ERR_CTP_EMPTY_JSON_BODY: { code: 'invalid_request', message: 'The body is empty; it must be JSON.' },
  FST_ERR_CTP_INVALID_JSON_BODY: { code: 'invalid_request', message: 'The body is not valid JSON.' },
};

type Issue = {
  instancePath: string;
  message?: string | undefined;
  keyword?: string;
  params?: Record<string, unknown>;
};

const nameField = ({ instancePath, message = 'is wrong' }: Issue) =>
  toSentence(instancePath.replace(/^\//, ''), message);
