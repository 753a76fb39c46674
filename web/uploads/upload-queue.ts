import { useSyncExternalStore } from 'react';
import type { DocumentEvent } from '../../contract/documents.ts';
import { type LecternDocument, refreshDocuments } from '../api/documents.ts';
import { request } from '../api/request.ts';
import { sendFile } from '../api/send-file.ts';

/** At once; a browser has six connections to a server, and answers need some of them. */
const CONCURRENCY = 3;

export type Upload = {
  key: number;
  name: string;
  byteSize: number;
  state: 'waiting' | 'sending' | 'queued' | 'reading' | 'indexing' | 'ready' | 'duplicate' | 'failed';
  /** Of what is being done, 0 to 1. */
  progress: number;
  documentId?: number;
  /** An error of the API, or the reason for which the document failed. */
  error?: unknown;
};

type Task = { key: number; file: File; replaces: number | undefined; abort: AbortController };

let uploads: Upload[] = [];
const tasks = new Map<number, Task>();
const waiting: Task[] = [];
let sending = 0;
let lastKey = 0;
const listeners = new Set<() => void>();

function set(next: Upload[]): void {
  uploads = next;
  for (const tell of listeners) tell();
}

const change = (key: number, changes: Partial<Upload>) =>
  set(uploads.map(upload => (upload.key === key ? { ...upload, ...changes } : upload)));

/** Uploads files one after the other, or one in the place of a document. */
export function addUploads(files: File[], { replaces }: { replaces?: number } = {}): void {
  const added = files.map(file => ({ key: ++lastKey, file, replaces, abort: new AbortController() }));
  for (const task of added) tasks.set(task.key, task);
  waiting.push(...added);
  set([
    ...added.map(
      ({ key, file }): Upload => ({
        key,
        name: file.name,
        byteSize: file.size,
        state: 'waiting',
        progress: 0,
      }),
    ),
    ...uploads,
  ]);
  sendNext();
}

function sendNext(): void {
  while (sending < CONCURRENCY) {
    const task = waiting.shift();
    if (!task) return;
    sending++;
    void sendOne(task).finally(() => {
      sending--;
      sendNext();
    });
  }
}

async function sendOne({ key, file, replaces, abort }: Task): Promise<void> {
  change(key, { state: 'sending', progress: 0 });
  try {
    const { document_id, duplicate } = await sendFile(file, {
      path: replaces === undefined ? 'document/' : `document/${replaces}/`,
      method: replaces === undefined ? 'POST' : 'PUT',
      onProgress: progress => change(key, { progress }),
      signal: abort.signal,
    });
    change(key, { documentId: document_id, state: duplicate ? 'duplicate' : 'queued', progress: 0 });
    if (duplicate) dismissSoon(key);
    else void readState(document_id);
    void refreshDocuments();
  } catch (error) {
    if (!abort.signal.aborted) change(key, { state: 'failed', error });
  }
}

/** What is well is soon of no interest; what failed stays until someone has seen it. */
const SHOWN_MS = 6_000;

const dismissSoon = (key: number) => setTimeout(() => dismissUpload(key), SHOWN_MS);

/** A small document is ready before it is known here which one it is: what was told of it then went unheard. */
async function readState(documentId: number): Promise<void> {
  const document = await request<LecternDocument>(`document/${documentId}/`).catch(() => undefined);
  const isOpen = uploads.some(one => one.documentId === documentId && isUnfinished(one));
  // What was told meanwhile is newer.
  if (document && isOpen) follow({ type: 'document', document });
}

/** Whatever happened before it could be followed. */
function readStates(): void {
  for (const upload of uploads)
    if (upload.documentId !== undefined && isUnfinished(upload)) void readState(upload.documentId);
}

/** What the server says of a document that was uploaded here. */
function follow(event: DocumentEvent): void {
  if (event.type !== 'document') return;
  const { id, replacement } = event.document;
  const { state, progress, error } = replacement ?? event.document;
  const upload = uploads.find(one => one.documentId === id && one.state !== 'duplicate');
  if (!upload || state === 'deleting') return;
  change(upload.key, { state, progress, ...(error && { error }) });
  if (state === 'ready') dismissSoon(upload.key);
}

export const uploadFollower = { onEvent: follow, onOpen: readStates };

/** Stops an upload, and the processing of what has arrived, or forgets one that has ended. */
export function dismissUpload(key: number): void {
  const upload = uploads.find(one => one.key === key);
  tasks.get(key)?.abort.abort();
  tasks.delete(key);
  const at = waiting.findIndex(task => task.key === key);
  if (at >= 0) waiting.splice(at, 1);
  set(uploads.filter(one => one.key !== key));
  if (upload?.documentId !== undefined && isUnfinished(upload))
    request(`document/${upload.documentId}/cancel/`, { method: 'POST' }).catch(() => {}); // It has just ended.
}

/** Tries again what failed. */
export function retryUpload(key: number): void {
  const task = tasks.get(key);
  const upload = uploads.find(one => one.key === key);
  if (!task || !upload) return;
  if (upload.documentId !== undefined) {
    change(key, { state: 'queued', progress: 0, error: undefined });
    request(`document/${upload.documentId}/reprocess/`, { method: 'POST' }).catch(error =>
      change(key, { state: 'failed', error }),
    );
    return;
  }
  waiting.push(task);
  change(key, { state: 'waiting', progress: 0, error: undefined });
  sendNext();
}

export const dismissFinished = () => set(uploads.filter(upload => isUnfinished(upload)));

export const isUnfinished = ({ state }: Upload) => !['ready', 'duplicate', 'failed'].includes(state);

export const useUploads = () =>
  useSyncExternalStore(
    listener => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => uploads,
  );
