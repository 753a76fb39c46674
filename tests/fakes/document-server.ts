import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Document, UploadAnswer } from '../../cli/api-client.ts';
import { ApiError } from '../../cli/api-errors.ts';

/** The part of a server's API that a folder is synced with; it processes every document at once. */
export class DocumentServer {
  readonly #documents = new Map<number, Document>();
  #lastId = 0;
  /** What was asked for that changes something, in order. */
  readonly calls: string[] = [];
  /** What the next requests fail with, one each. */
  readonly failures: Error[] = [];
  /** Files with these contents can't be processed. */
  readonly hopeless = new Set<string>();
  /** Files with these contents are refused on arrival. */
  readonly refused = new Set<string>();

  get holdings(): Document[] {
    return [...this.#documents.values()];
  }

  async add(content: string, source: string | null): Promise<Document> {
    return this.#put(++this.#lastId, { sha256: hash(content), source });
  }

  remove(id: number): void {
    this.#documents.delete(id);
  }

  async listDocuments(prefix: string): Promise<Document[]> {
    this.#fail();
    return this.holdings.filter(({ source }) => source?.startsWith(prefix));
  }

  async findDocument(sha256: string): Promise<Document | undefined> {
    this.#fail();
    return this.holdings.find(document => document.sha256 === sha256);
  }

  async getDocument(id: number): Promise<Document> {
    this.#fail();
    const document = this.#documents.get(id);
    if (!document) throw new ApiError(404, 'not_found', 'There is no such document.');
    return document;
  }

  async uploadDocument(path: string, source: string): Promise<UploadAnswer> {
    this.#fail();
    this.calls.push(`upload ${basename(path)}`);
    const content = await this.#read(path);
    const known = this.holdings.find(({ sha256 }) => sha256 === hash(content));
    if (known) return toAnswer(known, true);
    const state = this.hopeless.has(content) ? 'failed' : 'ready';
    return toAnswer(this.#put(++this.#lastId, { sha256: hash(content), source, state }), false);
  }

  async replaceDocument(id: number, path: string): Promise<UploadAnswer> {
    const { source } = await this.getDocument(id);
    this.calls.push(`replace ${basename(path)}`);
    const content = await this.#read(path);
    if (this.holdings.some(document => document.sha256 === hash(content) && document.id !== id))
      throw new ApiError(409, 'document_duplicate', 'Another document has the same content already.');
    const state = this.hopeless.has(content) ? 'failed' : 'ready';
    return toAnswer(this.#put(id, { sha256: hash(content), source, state }), false);
  }

  async setSource(id: number, source: string): Promise<void> {
    const document = await this.getDocument(id);
    this.calls.push(`move ${basename(source)}`);
    document.source = source;
  }

  async deleteDocument(id: number): Promise<void> {
    const { source } = await this.getDocument(id);
    this.calls.push(`delete ${basename(source ?? '')}`);
    this.#documents.delete(id);
  }

  async #read(path: string): Promise<string> {
    const content = await readFile(path, 'utf8');
    if (this.refused.has(content)) throw new ApiError(422, 'document_empty', 'The file holds no text.');
    return content;
  }

  #fail(): void {
    const failure = this.failures.shift();
    if (failure) throw failure;
  }

  #put(id: number, fields: Pick<Document, 'sha256' | 'source'> & Partial<Document>): Document {
    const document: Document = { ...emptyDocument, id, version: id, ...fields };
    this.#documents.set(id, document);
    return document;
  }
}

export const hash = (content: string) => createHash('sha256').update(content).digest('hex');

const toAnswer = ({ id, filename, total_chunks }: Document, duplicate: boolean): UploadAnswer => ({
  document_id: id,
  filename,
  status: 'processing',
  total_chunks,
  processing_time: '0.00s',
  duplicate,
});

const emptyDocument: Document = {
  id: 0,
  version: 0,
  title: null,
  filename: 'file.txt',
  media_type: 'text/plain',
  byte_size: 0,
  sha256: '',
  state: 'ready',
  stage: null,
  progress: 1,
  seconds_left: null,
  error: null,
  text_length: 0,
  total_chunks: 1,
  total_passages: 1,
  notes: [],
  tags: [],
  source: null,
  language: null,
  metadata: {},
  replacement: null,
  timings: {},
  processing_ms: 0,
  created_at: '2026-01-01T00:00:00.000Z',
  updated_at: '2026-01-01T00:00:00.000Z',
};
