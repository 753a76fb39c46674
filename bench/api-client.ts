import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, FormData, fetch, request } from 'undici';
import { z } from 'zod';
import { type StreamEvent, streamEvent } from '../contract/chat.ts';
import { document, uploadAnswer } from '../contract/documents.ts';
import type { File } from './texts.ts';

const session = z.object({ messages: z.array(z.object({ state: z.string(), content: z.string() })) });

export type Answer = {
  /** From sending the request to receiving the bytes of the first content event. */
  firstContentMs: number;
  content: string;
  sources: number;
  /** The documents do not seem to answer the question. */
  isRefused: boolean;
};

type ContentListener = (content: string) => void;

/** A client of the HTTP interface over connections that are kept. A failed request rejects. */
export class ApiClient {
  readonly #baseUrl: string;
  readonly #agent = new Agent({ headersTimeout: 0, bodyTimeout: 0 });

  constructor(baseUrl: string) {
    this.#baseUrl = baseUrl;
  }

  async createSession(): Promise<number> {
    const { statusCode, body } = await this.#request('/api/session/create/', { method: 'POST' });
    const answer = await body.json();
    if (statusCode !== 201) throw new Error(`No session: ${statusCode} ${JSON.stringify(answer)}`);
    return z.object({ id: z.number() }).parse(answer).id;
  }

  /** @returns the document's id; it is ready unless `respondAsync` or when it takes longer than a minute. */
  async upload({ name, text }: File, { respondAsync = false } = {}): Promise<number> {
    const form = new FormData();
    form.append('file', new Blob([text], { type: 'text/plain' }), name);
    const response = await fetch(`${this.#baseUrl}/api/document/`, {
      method: 'POST',
      body: form,
      headers: respondAsync ? { prefer: 'respond-async' } : {},
      dispatcher: this.#agent,
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(`${name} was refused: ${response.status} ${JSON.stringify(answer)}`);
    const { document_id: documentId, duplicate } = uploadAnswer.parse(answer);
    if (duplicate) throw new Error(`${name} was there already`);
    return documentId;
  }

  /** Waits until the document is ready. Rejects when it failed. */
  async waitUntilReady(documentId: number, pollMs: number): Promise<z.infer<typeof document>> {
    for (;;) {
      const row = await this.#readDocument(documentId);
      if (row.state === 'failed') throw new Error(`${row.filename} failed: ${JSON.stringify(row.error)}`);
      if (row.state === 'ready') return row;
      await sleep(pollMs);
    }
  }

  /** 0 to 1. */
  async readProgress(documentId: number): Promise<number> {
    return (await this.#readDocument(documentId)).progress;
  }

  async readState(documentId: number): Promise<string> {
    return (await this.#readDocument(documentId)).state;
  }

  /** The session's last answer as it is stored. */
  async readLastAnswer(sessionId: number): Promise<{ state: string; content: string } | undefined> {
    const { body } = await this.#request(`/api/session/${sessionId}/`, { method: 'GET' });
    return session.parse(await body.json()).messages.at(-1);
  }

  async deleteDocument(documentId: number): Promise<void> {
    const { statusCode, body } = await this.#request(`/api/document/${documentId}/`, { method: 'DELETE' });
    if (statusCode !== 200) throw new Error(`Not deleted: ${statusCode} ${await body.text()}`);
    await body.dump();
  }

  /** Reads the whole answer. Rejects when it is cut off, ends with an error or has no content. */
  async ask(sessionId: number, message: string, onContent: ContentListener = () => {}): Promise<Answer> {
    const sentAt = performance.now();
    const { statusCode, body } = await this.#request('/api/chat/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ session_id: sessionId, message }),
    });
    if (statusCode !== 200) throw new Error(`No answer: ${statusCode} ${await body.text()}`);
    const answer = { firstContentMs: Number.NaN, content: '', sources: 0 };
    let last: StreamEvent | undefined;
    let rest = '';
    const decoder = new TextDecoder();
    for await (const bytes of body) {
      const receivedAt = performance.now();
      const events = (rest + decoder.decode(bytes, { stream: true })).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) {
        const data = event.indexOf('data: ');
        if (data < 0) continue;
        last = parseEvent(event.slice(data));
        if (last.type === 'sources') answer.sources = last.sources.length;
        if (last.type !== 'content') continue;
        if (answer.content === '') answer.firstContentMs = receivedAt - sentAt;
        answer.content += last.content;
        onContent(last.content);
      }
    }
    if (last?.type !== 'done' || answer.content === '')
      throw new Error(`An answer did not end well: ${JSON.stringify(last)}`);
    return { ...answer, isRefused: last.finish_reason === 'not_found' };
  }

  close(): Promise<void> {
    return this.#agent.close();
  }

  async #readDocument(documentId: number): Promise<z.infer<typeof document>> {
    const { body } = await this.#request(`/api/document/${documentId}/`, { method: 'GET' });
    return document.parse(await body.json());
  }

  #request(path: string, options: Omit<NonNullable<Parameters<typeof request>[1]>, 'dispatcher'>) {
    return request(`${this.#baseUrl}${path}`, { ...options, dispatcher: this.#agent });
  }
}

/** Content events, by far the most, are read without a schema: the client shares the cores with the server. */
function parseEvent(event: string): StreamEvent {
  const data: unknown = JSON.parse(event.slice('data: '.length));
  const content = contentOf(data);
  return content === undefined ? streamEvent.parse(data) : { type: 'content', content };
}

function contentOf(data: unknown): string | undefined {
  const isContent =
    typeof data === 'object' &&
    data !== null &&
    'type' in data &&
    data.type === 'content' &&
    'content' in data;
  return isContent && typeof data.content === 'string' ? data.content : undefined;
}

/** Runs the work with a client, which is closed afterwards. */
export async function withClient<T>(baseUrl: string, work: (client: ApiClient) => Promise<T>): Promise<T> {
  const client = new ApiClient(baseUrl);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
