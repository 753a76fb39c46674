import type { StreamEvent } from '../../../contract/chat.ts';
import { queryClient } from '../../api/query-client.ts';
import { readEvents } from '../../api/read-events.ts';
import { ApiError, request, send } from '../../api/request.ts';
import { type Message, refreshSessions, type Session, sessionKey } from '../../api/sessions.ts';
import { scopeOf } from '../asking/use-scope.ts';
import { writingOf } from '../asking/writing-choice.ts';
import { applyEvent, idleAnswer, type LiveAnswer } from './live-answer.ts';
import { PacedRendering } from './paced-rendering.ts';
import { toMessages } from './to-messages.ts';

/** Waits between attempts to follow an answer whose connection was lost; a restart of the server takes seconds. */
const RECONNECT_MS = [200, 500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000];

/** A question that the server did not take, with the reason. */
export type Refusal = { question: string; error: ApiError };

/**
 * The answer that is coming in one session. It lives outside of what is shown: it goes on while another
 * chat is looked at.
 */
export class AnswerStream {
  readonly #sessionId: number;
  #live = idleAnswer;
  #refusal: Refusal | undefined;
  #lastEventId: string | undefined;
  readonly rendering = new PacedRendering();

  constructor(sessionId: number) {
    this.#sessionId = sessionId;
  }

  get live(): LiveAnswer {
    return this.#live;
  }

  get refusal(): Refusal | undefined {
    return this.#refusal;
  }

  /** Asks, and follows the answer to its end. */
  async ask(message: string): Promise<void> {
    const body = { session_id: this.#sessionId, message, ...scopeOf(String(this.#sessionId)) };
    await this.#begin('chat/', body, { question: message });
  }

  /** Answers a question anew; the answer before stays reachable. */
  async regenerate({ id, parent_id }: Pick<Message, 'id' | 'parent_id'>): Promise<void> {
    await this.#begin(`chat/${id}/regenerate/`, {}, { keepUntil: parent_id });
  }

  /** Asks another version of a question; the one before stays reachable. */
  async edit({ id, parent_id }: Pick<Message, 'id' | 'parent_id'>, message: string): Promise<void> {
    await this.#begin(`message/${id}/edit/`, { message }, { question: message, keepUntil: parent_id });
  }

  /** Makes a request that is answered by the stream of a new answer. */
  async #begin(path: string, body: object, place: Pick<LiveAnswer, 'question' | 'keepUntil'>): Promise<void> {
    if (this.#live.phase !== 'idle') return;
    const { question } = place;
    this.#refusal = undefined;
    this.#lastEventId = undefined;
    this.#set({ ...idleAnswer, ...place, phase: 'waiting' });
    const written = { ...body, ...writingOf(String(this.#sessionId)) };
    const open = () =>
      send(path, { method: 'POST', body: written, headers: { accept: 'text/event-stream' } });
    try {
      if (await this.#read(open)) return this.#finish();
    } catch (error) {
      const running = error instanceof ApiError ? error.details.message_id : undefined;
      if (error instanceof ApiError && this.#live.messageId === undefined) {
        this.#refuse(question ?? '', error);
        if (error.code === 'session_busy' && typeof running === 'number') await this.follow(running);
        return;
      }
    }
    if (this.#live.messageId === undefined)
      this.#refuse(question ?? '', new ApiError('unreachable', 'The connection was lost.', { status: 0 }));
    else await this.#reconnect(this.#live.messageId);
  }

  /** Follows an answer that is being written already, from its beginning. */
  async follow(messageId: number): Promise<void> {
    if (this.#live.phase !== 'idle') return;
    this.#lastEventId = undefined;
    this.#set({ ...idleAnswer, phase: 'waiting', messageId });
    await this.#reconnect(messageId);
  }

  /** What has come stays; the stream itself then says that it ends. */
  async stop(): Promise<void> {
    const { messageId, isStopping, phase } = this.#live;
    if (phase === 'idle' || messageId === undefined || isStopping) return;
    this.#set({ isStopping: true });
    await request(`chat/${messageId}/stop/`, { method: 'POST' }).catch(() =>
      this.#set({ isStopping: false }),
    );
  }

  async #reconnect(messageId: number): Promise<void> {
    for (const waitMs of [0, ...RECONNECT_MS]) {
      if (waitMs > 0) this.#set({ isReconnecting: true });
      await new Promise(resolve => setTimeout(resolve, waitMs));
      const headers = this.#lastEventId === undefined ? {} : { 'last-event-id': this.#lastEventId };
      try {
        if (await this.#read(() => send(`chat/${messageId}/stream/`, { headers }))) return this.#finish();
      } catch (error) {
        // It is over, or the server does not know it: the history says what there is.
        if (error instanceof ApiError && error.status >= 400 && error.status < 500) break;
      }
    }
    this.#finish();
  }

  /** @returns whether the answer came to its end; false when the connection did. */
  async #read(open: () => Promise<Response>): Promise<boolean> {
    const response = await open();
    for await (const { id, event } of readEvents<StreamEvent>(response)) {
      if (id !== undefined) this.#lastEventId = id;
      this.#set(applyEvent(this.#live, event));
      if (event.type === 'done' || event.type === 'error') return true;
    }
    return false;
  }

  #refuse(question: string, error: ApiError): void {
    this.#refusal = { question, error };
    this.#set(idleAnswer);
  }

  /** The history takes the answer over as it is, in the same moment, and is then read anew. */
  #finish(): void {
    const key = sessionKey(this.#sessionId);
    const live = this.#live;
    queryClient.setQueryData<Session>(key, session => session && toMessages(session, live));
    this.#lastEventId = undefined;
    this.#set(idleAnswer);
    void queryClient.invalidateQueries({ queryKey: key });
    void refreshSessions();
  }

  #set(change: Partial<LiveAnswer>): void {
    this.#live = change === idleAnswer ? idleAnswer : { ...this.#live, ...change };
    this.rendering.request({ isText: change.content !== undefined && change.phase === 'writing' });
  }
}
