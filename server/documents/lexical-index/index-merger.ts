import { forWorkspace } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import type { Logger } from '../../logger.ts';
import { mergeRuns } from './merge-runs.ts';

/** Merges the lexical index in the background whenever enough documents have been added. */
export class IndexMerger {
  readonly #db: Db;
  readonly #logger: Logger;
  #waiting = new Set<number>();
  #running: Promise<void> | undefined;
  #closed = false;

  constructor(db: Db, logger: Logger) {
    this.#db = db;
    this.#logger = logger;
  }

  /** Documents were added to the workspace. */
  wake(workspaceId: number): void {
    if (this.#closed) return;
    this.#waiting.add(workspaceId);
    this.#running ??= this.#work().finally(() => {
      this.#running = undefined;
    });
  }

  /** Every workspace: also merges that a crash cut short. */
  async wakeAll(): Promise<void> {
    const workspaces = await this.#db.selectFrom('workspaces').select('id').execute();
    for (const { id } of workspaces) this.wake(id);
  }

  /** Resolves when the merge in hand has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#running;
  }

  async #work(): Promise<void> {
    for (;;) {
      const [workspaceId] = this.#waiting;
      if (workspaceId === undefined || this.#closed) return;
      this.#waiting.delete(workspaceId);
      try {
        while (!this.#closed && (await mergeRuns(forWorkspace(this.#db, workspaceId), workspaceId)));
      } catch (error) {
        this.#logger.warn(
          { err: error, workspaceId },
          'the lexical index could not be merged, trying again later',
        );
      }
    }
  }
}
