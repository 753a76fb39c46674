import { forWorkspace } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import type { LanguageModel } from '../../language-model/language-model.ts';
import type { Logger } from '../../logger.ts';
import { findFirstTurn, saveModelTitle } from '../../sessions/titles/save-title.ts';
import { writeTitle } from './write-title.ts';

/** A title is worth no more; until then, and without one, the session has its question's words. */
const TIMEOUT_MS = 10_000;

type Options = {
  db: Db;
  /** Whose calls count for the session. */
  modelFor: (answer: SavedAnswer) => LanguageModel;
  logger: Logger;
  timeoutMs?: number;
};
export type SavedAnswer = { workspaceId: number; sessionId: number; messageId: number };

/** Asks the language model for a title once the first question of a session is answered. */
export class SessionTitles {
  readonly #options: Options;
  readonly #closing = new AbortController();
  readonly #writing = new Set<Promise<void>>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** An answer was saved; the title comes a little later. Never rejects. */
  answered(answer: SavedAnswer): void {
    if (this.#closing.signal.aborted) return;
    const writing = this.#write(answer).catch(error => {
      if (this.#closing.signal.aborted) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.#options.logger.warn(
        { event: 'session-not-titled', reason },
        'a session keeps its question as title',
      );
    });
    this.#writing.add(writing);
    writing.finally(() => this.#writing.delete(writing));
  }

  /** Gives up what is not written yet. */
  async close(): Promise<void> {
    this.#closing.abort();
    await Promise.all(this.#writing);
  }

  async #write(answer: SavedAnswer): Promise<void> {
    const { workspaceId, sessionId, messageId } = answer;
    const { modelFor, timeoutMs = TIMEOUT_MS } = this.#options;
    const db = forWorkspace(this.#options.db, workspaceId);
    const turn = await findFirstTurn(db, workspaceId, messageId);
    if (!turn) return;
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(timeoutMs)]);
    const title = await writeTitle(modelFor(answer), turn, signal);
    if (title === undefined) throw new Error('what the language model wrote is no title of one line');
    await saveModelTitle(db, { workspaceId, sessionId, title });
  }
}
