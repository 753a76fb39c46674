import { type Fields, isFields, parseJson } from './json-fields.ts';
import type { Fault } from './provider-fault.ts';

/** An error without an HTTP status of its own: the number or the name it carries stands for one. */
const statusByName = new Map(
  Object.entries({
    invalid_api_key: 401,
    authentication_error: 401,
    permission_error: 403,
    rate_limit_exceeded: 429,
    rate_limit_error: 429,
    insufficient_quota: 429,
    invalid_request_error: 400,
    context_length_exceeded: 400,
    model_not_found: 404,
  }),
);

export function errorObjectToFault(error: unknown): Fault {
  if (typeof error === 'string') return { kind: 'status', status: 500, detail: error };
  if (!isFields(error)) return { kind: 'status', status: 500, detail: 'error without a description' };
  return { kind: 'status', status: statusOf(error), detail: messageOf(error) };
}

function statusOf({ status_code, status, code, type }: Fields): number {
  for (const candidate of [status_code, status, code, type]) {
    const number = statusByName.get(String(candidate)) ?? Number(candidate);
    if (number >= 400 && number < 600) return number;
  }
  return 500;
}

const messageOf = ({ message }: Fields): string => (typeof message === 'string' ? message : '');

/** What an error body says, whichever of the usual shapes it has. */
export function errorDetail(body: string): string {
  const reply = parseJson(body);
  const error = isFields(reply) ? reply.error : undefined;
  return error ? errorObjectToFault(error).detail || body : body;
}
