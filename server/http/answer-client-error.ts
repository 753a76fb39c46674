import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { RequestError } from '../errors.ts';
import { errorBody } from './send-error.ts';

/** Answers what is not even HTTP, or too slow, or has too many headers (RFC 9110, RFC 6585). */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
  const [status, problem] = describe(error.code);
  const body = JSON.stringify(errorBody(problem, randomUUID()));
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function describe(code: string | undefined): [status: number, problem: RequestError] {
  if (code === 'HPE_HEADER_OVERFLOW')
    return [431, new RequestError('invalid_request', 'The headers of the request are too large.')];
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return [408, new RequestError('request_timeout', 'The request took too long to arrive.')];
  return [400, new RequestError('invalid_request', 'The request is not valid HTTP.')];
}
