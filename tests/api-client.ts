import assert from 'node:assert/strict';
import type { z } from 'zod';
import type { StreamEvent } from '../contract/chat.ts';
import { document, uploadAnswer } from '../contract/documents.ts';
import { errorBody } from '../contract/errors.ts';
import { session } from '../contract/sessions.ts';
import { readAllEvents } from './event-stream.ts';
import { waitUntil } from './wait-until.ts';

/** What a request needs of a running server. */
export type Client = { fetch(path: string, init?: RequestInit): Promise<Response> };

/* What clients do, with every answer checked against the contract. */

export async function createSession(app: Client): Promise<number> {
  const response = await app.fetch('/api/session/create/', { method: 'POST' });
  return session.parse(await expectJson(response, 201)).id;
}

export type UploadOptions = { name?: string; headers?: Record<string, string>; type?: string };

export function postFile(
  app: Client,
  content: string | Uint8Array<ArrayBuffer>,
  { name = 'document.txt', headers = {}, type = 'text/plain' }: UploadOptions = {},
): Promise<Response> {
  const form = new FormData();
  form.append('file', new Blob([content], { type }), name);
  return app.fetch('/api/document/', { method: 'POST', body: form, headers });
}

/** Uploads a new text and waits until it is found. */
export async function upload(app: Client, content: string, name = 'document.txt'): Promise<number> {
  const response = await postFile(app, content, { name });
  return uploadAnswer.parse(await expectJson(response, 201)).document_id;
}

export async function readDocument(app: Client, id: number): Promise<z.infer<typeof document>> {
  return document.parse(await expectJson(await app.fetch(`/api/document/${id}/`), 200));
}

export function waitUntilReady(app: Client, id: number): Promise<z.infer<typeof document>> {
  return waitUntil(`document ${id} is ready`, async () => {
    const row = await readDocument(app, id);
    assert.notEqual(row.state, 'failed', row.error?.message);
    return row.state === 'ready' ? row : undefined;
  });
}

export const postJson = (app: Client, path: string, body: unknown): Promise<Response> =>
  app.fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

export const postQuestion = (
  app: Client,
  sessionId: number,
  message: string,
  more: object = {},
): Promise<Response> => postJson(app, '/api/chat/', { session_id: sessionId, message, ...more });

/** All events of the answer. */
export async function ask(
  app: Client,
  sessionId: number,
  message: string,
  more: object = {},
): Promise<StreamEvent[]> {
  return readAllEvents(await postQuestion(app, sessionId, message, more));
}

export async function readHistory(app: Client, sessionId: number) {
  const response = await app.fetch(`/api/session/${sessionId}/messages/`);
  return session.parse(await expectJson(response, 200)).messages;
}

export async function expectJson(response: Response, status: number): Promise<unknown> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
  return JSON.parse(text);
}

/** The fields of the error, beside code, message and requestId those that the case has. */
export async function expectError(
  response: Response,
  status: number,
  code: string,
): Promise<Record<string, unknown> & { message: string }> {
  const { error } = errorBody.parse(await expectJson(response, status));
  assert.equal(String(error.code), code, error.message);
  assert.equal(error.requestId, response.headers.get('x-request-id'));
  assert.doesNotMatch(error.message, /\n|node_modules|\.ts:/, 'the message is for people');
  return error;
}
