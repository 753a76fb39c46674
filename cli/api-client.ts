import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { EventSourceParserStream } from 'eventsource-parser/stream';
import { z } from 'zod';
import { type DoctorReport, doctorReport } from '../contract/doctor.ts';
import { document, documentList, uploadAnswer } from '../contract/documents.ts';
import { type EvaluationCase, evaluationCaseList } from '../contract/evaluation.ts';
import { searchAnswer } from '../contract/search.ts';
import { session } from '../contract/sessions.ts';
import { ApiError, FileError, ServerAwayError } from './api-errors.ts';

export type Document = z.infer<typeof document>;
export type UploadAnswer = z.infer<typeof uploadAnswer>;
export type SearchAnswer = z.infer<typeof searchAnswer>;

/** Where a server is, and what it is told who asks. */
export type Server = { url: string; apiKey?: string | undefined };

/** Newer servers may know codes that this contract does not. */
const refusal = z.object({ error: z.object({ code: z.string(), message: z.string() }) });

/** The server speaks to those who write requests; here one only gives a key. */
const whereKeysAre = 'Commands send the one in LECTERN_API_KEY; keys are made on the page, under Account.';

/**
 * What the commands need of a server's API. Every method throws ApiError when the server refuses,
 * ServerAwayError when there is none, and the signal's reason when it is aborted.
 */
export class ApiClient {
  readonly #url: string;
  readonly #authorization: Record<string, string>;
  readonly #signal: AbortSignal;

  /** The address is without a slash at the end. */
  constructor({ url, apiKey }: Server, signal: AbortSignal) {
    this.#url = url;
    this.#authorization = apiKey === undefined ? {} : { authorization: `Bearer ${apiKey}` };
    this.#signal = signal;
  }

  async findDocument(sha256: string): Promise<Document | undefined> {
    const response = await this.#request(`/api/document/?sha256=${sha256}&limit=1`);
    return (await this.#read(response, documentList)).documents[0];
  }

  async getDocument(id: number): Promise<Document> {
    return this.#read(await this.#request(`/api/document/${id}/`), document);
  }

  /**
   * Sends a file and does not wait for it to be processed: no proxy on the way ends a long wait.
   *
   * @param source where the file is, for the document.
   * @throws FileError when the file can't be read.
   */
  async uploadDocument(path: string, source: string): Promise<UploadAnswer> {
    return this.#sendFile('POST', '/api/document/', await openFile(path), basename(path), { source });
  }

  /** As uploadDocument does with a file. */
  async uploadText(filename: string, content: string, source: string): Promise<UploadAnswer> {
    return this.#sendFile('POST', '/api/document/', new Blob([content]), filename, { source });
  }

  /**
   * Sends a file in place of a document's own; searches find the old one until the new one is processed.
   *
   * @throws FileError when the file can't be read.
   */
  async replaceDocument(id: number, path: string): Promise<UploadAnswer> {
    return this.#sendFile('PUT', `/api/document/${id}/`, await openFile(path), basename(path), {});
  }

  async setSource(id: number, source: string): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const body = JSON.stringify({ source });
    await this.#command(`/api/document/${id}/`, { method: 'PATCH', headers, body });
  }

  async deleteDocument(id: number): Promise<void> {
    await this.#command(`/api/document/${id}/`, { method: 'DELETE' });
  }

  /** All documents, or those whose source begins like this. */
  async listDocuments(sourcePrefix?: string): Promise<Document[]> {
    const documents: Document[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query = new URLSearchParams({ limit: '200' });
      if (sourcePrefix !== undefined) query.set('source_prefix', sourcePrefix);
      if (cursor !== '') query.set('cursor', cursor);
      const page: z.infer<typeof documentList> = await this.#read(
        await this.#request(`/api/document/?${query}`),
        documentList,
      );
      documents.push(...page.documents);
      cursor = page.next_cursor;
    }
    return documents;
  }

  /** The passages for a question, best first, and excerpts of so many characters if that is given. */
  async search(
    query: string,
    {
      mode,
      topK,
      excerptCharacters,
    }: {
      mode: 'hybrid' | 'vector' | 'lexical';
      topK: number;
      excerptCharacters?: number | undefined;
    },
  ): Promise<SearchAnswer> {
    const body = { query, mode, top_k: topK, excerpt_characters: excerptCharacters };
    const response = await this.#postJson('/api/search/', body);
    return this.#read(response, searchAnswer);
  }

  /** All cases that people have stored, newest first. */
  async listEvaluationCases(): Promise<EvaluationCase[]> {
    const cases: EvaluationCase[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const query = `limit=200${cursor && `&cursor=${cursor}`}`;
      const page: z.infer<typeof evaluationCaseList> = await this.#read(
        await this.#request(`/api/evaluation/case/?${query}`),
        evaluationCaseList,
      );
      cases.push(...page.cases);
      cursor = page.next_cursor;
    }
    return cases;
  }

  /** @param repair mends what can be mended. */
  async checkDatabase(repair: boolean): Promise<DoctorReport> {
    return this.#read(await this.#postJson('/api/doctor/', { repair }), doctorReport);
  }

  /** A backup of everything that the server stores; it is whole when the stream ends without an error. */
  async downloadBackup(): Promise<Readable> {
    const response = await this.#request('/api/backup/', { method: 'POST' });
    if (response.headers.get('content-type') !== 'application/zstd' || !response.body)
      throw this.#notLectern(response);
    return Readable.from(response.body);
  }

  async createSession(): Promise<number> {
    const response = await this.#request('/api/session/create/', { method: 'POST' });
    return (await this.#read(response, session)).id;
  }

  /** The events of the answer, each as the JSON text that the server sent. */
  async *ask(sessionId: number, message: string): AsyncGenerator<string> {
    const response = await this.#postJson('/api/chat/', { session_id: sessionId, message });
    if (!response.body) throw this.#notLectern(response);
    const events = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream());
    try {
      for await (const { data } of events) yield data;
    } catch (error) {
      this.#signal.throwIfAborted();
      throw new ServerAwayError(`The connection to ${this.#url} broke before the answer was complete.`, {
        cause: error,
      });
    }
  }

  async #sendFile(
    method: string,
    endpoint: string,
    file: Blob,
    filename: string,
    fields: Record<string, string>,
  ): Promise<UploadAnswer> {
    const body = new FormData();
    // Before the file: whoever reads a body as it comes knows them in time.
    for (const [name, value] of Object.entries(fields)) body.append(name, value);
    // Backed by the file: its bytes are read while they are sent.
    body.append('file', file, filename);
    const headers = { prefer: 'respond-async' };
    return this.#read(await this.#request(endpoint, { method, headers, body }), uploadAnswer);
  }

  #postJson(path: string, body: object): Promise<Response> {
    const headers = { 'content-type': 'application/json' };
    return this.#request(path, { method: 'POST', headers, body: JSON.stringify(body) });
  }

  /** A request whose answer says nothing new. */
  async #command(path: string, init: Init): Promise<void> {
    const response = await this.#request(path, init);
    await response.body?.cancel();
  }

  async #request(path: string, init: Init = {}): Promise<Response> {
    let response: Response;
    try {
      const headers = { ...init.headers, ...this.#authorization };
      response = await fetch(`${this.#url}${path}`, { ...init, headers, signal: this.#signal });
    } catch (error) {
      this.#signal.throwIfAborted();
      throw explainFailure(this.#url, error);
    }
    if (response.ok) return response;
    const parsed = refusal.safeParse(await response.json().catch(() => undefined));
    if (!parsed.success) throw this.#notLectern(response);
    const { code, message } = parsed.data.error;
    throw new ApiError(
      response.status,
      code,
      code === 'not_signed_in' ? `${message} ${whereKeysAre}` : message,
    );
  }

  async #read<Body extends z.ZodType>(response: Response, schema: Body): Promise<z.infer<Body>> {
    const parsed = schema.safeParse(await response.json().catch(() => undefined));
    this.#signal.throwIfAborted();
    if (!parsed.success) throw this.#notLectern(response);
    return parsed.data;
  }

  #notLectern({ status }: Response): ServerAwayError {
    return new ServerAwayError(
      `What answers on ${this.#url} (status ${status}) does not seem to be Lectern.`,
    );
  }
}

type Init = { method?: string; headers?: Record<string, string>; body?: string | FormData };

async function openFile(path: string): Promise<Blob> {
  try {
    return await openAsBlob(path);
  } catch (error) {
    throw new FileError('can’t be read', { cause: error });
  }
}

/** fetch says only "fetch failed"; the reason is in the cause. */
function explainFailure(url: string, error: unknown): Error {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof DOMException && cause.name === 'NotReadableError')
    return new FileError('changed while it was read', { cause: error });
  const reason = cause instanceof Error && 'code' in cause ? ` (${cause.code})` : '';
  return new ServerAwayError(`There is no answer from ${url}${reason}.`, { cause: error });
}
