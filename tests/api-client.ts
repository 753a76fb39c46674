import assert from 'node:assert/strict';
import type { z } from 'zod';
import type { StreamEvent } from '../contract/chat.ts';
import {
  type DocumentEvent,
  document,
  documentEvent,
  documentList,
  uploadAnswer,
} from '../contract/documents.ts';
import { errorBody } from '../contract/errors.ts';
import { searchAnswer } from '../contract/search.ts';
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

export type UploadOptions = {
  name?: string;
  headers?: Record<string, string>;
  type?: string;
  /** Form fields that stand before the file. */
  fields?: [name: string, value: string][];
};

type Content = string | Uint8Array<ArrayBuffer>;

export function postFile(app: Client, content: Content, options: UploadOptions = {}): Promise<Response> {
  return app.fetch('/api/document/', { method: 'POST', ...formOf(content, options) });
}

/** Replaces the document. */
export function putFile(
  app: Client,
  id: number,
  content: Content,
  options: UploadOptions = {},
): Promise<Response> {
  return app.fetch(`/api/document/${id}/`, { method: 'PUT', ...formOf(content, options) });
}

function formOf(
  content: Content,
  { name = 'document.txt', headers = {}, type = 'text/plain', fields = [] }: UploadOptions,
) {
  const form = new FormData();
  for (const [field, value] of fields) form.append(field, value);
  form.append('file', new Blob([content], { type }), name);
  return { body: form, headers };
}

/** Uploads without waiting for the document. */
export async function uploadLater(app: Client, content: Content, name = 'document.txt'): Promise<number> {
  const response = await postFile(app, content, { name, headers: { prefer: 'respond-async' } });
  return uploadAnswer.parse(await expectJson(response, 202)).document_id;
}

export const removeDocument = (app: Client, id: number): Promise<Response> =>
  app.fetch(`/api/document/${id}/`, { method: 'DELETE' });

export async function listDocuments(app: Client, query = '') {
  const response = await app.fetch(`/api/document/?limit=200${query && `&${query}`}`);
  return documentList.parse(await expectJson(response, 200));
}

export async function search(app: Client, query: string, more: object = {}) {
  return searchAnswer.parse(await expectJson(await postJson(app, '/api/search/', { query, ...more }), 200));
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

export async function readSession(app: Client, sessionId: number, query = '') {
  const response = await app.fetch(`/api/session/${sessionId}/messages/${query}`);
  return session.parse(await expectJson(response, 200));
}

export async function readHistory(app: Client, sessionId: number) {
  return (await readSession(app, sessionId)).messages;
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

export type NumberedEvent = { number: number; event: DocumentEvent };

export type FollowedDocuments = {
  /** What has come so far. */
  events: NumberedEvent[];
  headers: Headers;
  /** Resolves when the server ends the stream, or `leave` was called. */
  ended: Promise<void>;
  leave(): Promise<void>;
};

/** Reads a stream of document events, strictly: an event is an `id:` line, one `data:` line and a blank one. */
export async function followDocuments(
  app: Client,
  path = '/api/document/events/',
  headers: Record<string, string> = {},
): Promise<FollowedDocuments> {
  const leaving = new AbortController();
  const response = await app.fetch(path, { headers, signal: leaving.signal });
  assert.equal(response.status, 200, response.ok ? undefined : await response.text());
  assert.match(response.headers.get('content-type') ?? '', /^text\/event-stream/);
  const events: NumberedEvent[] = [];
  const ended = collectEvents(response, events).catch(error => {
    if (!leaving.signal.aborted) throw error;
  });
  return {
    events,
    headers: response.headers,
    ended,
    leave() {
      leaving.abort();
      return ended;
    },
  };
}

async function collectEvents({ body }: Response, events: NumberedEvent[]): Promise<void> {
  assert.ok(body);
  let rest = '';
  for await (const piece of body.pipeThrough(new TextDecoderStream('utf-8', { fatal: true }))) {
    const blocks = (rest + piece).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks.filter(one => !one.startsWith(':'))) {
      const [, number, json = ''] = /^id: (\d+)\ndata: (.*)$/.exec(block) ?? [];
      assert.ok(number, `not an event: ${block}`);
      const event: unknown = JSON.parse(json);
      assert.deepEqual(documentEvent.parse(event), event, 'the contract does not have all its fields');
      events.push({ number: Number(number), event: documentEvent.parse(event) });
    }
  }
  assert.equal(rest, '', 'the stream ends within an event');
}
