import { LRUCache } from 'lru-cache';
import type { DocumentScope } from '../../contract/documents.ts';
import { documentsInScope } from '../database/document-scope.ts';
import { forWorkspace } from '../database/isolation/for-workspace.ts';
import type { Db } from '../database/open-database.ts';

export type ScopeRequest = {
  workspaceId: number;
  /** Only these documents; all when undefined. */
  documentIds: number[] | undefined;
  /** Only documents in this scope. */
  scope: DocumentScope;
};

export type Scope = {
  /** Documents that can be searched. */
  documents: number;
  /** Their versions; undefined: all that are published. */
  versionIds: number[] | undefined;
};

const MOST_REMEMBERED = 500;

/** Finds which documents a question may be answered from; remembered until the index changes. */
export class ScopeFinder {
  readonly #db: Db;
  readonly #known = new LRUCache<string, Scope>({ max: MOST_REMEMBERED });

  constructor(db: Db) {
    this.#db = db;
  }

  async find(request: ScopeRequest, indexVersion: number): Promise<Scope> {
    const { workspaceId, documentIds, scope } = request;
    const key = JSON.stringify([workspaceId, indexVersion, documentIds, scope]);
    const known = this.#known.get(key);
    if (known) return known;
    const isWhole = !documentIds && Object.keys(scope).length === 0;
    const found = isWhole ? await this.#countAll(workspaceId) : await this.#findVersions(request);
    this.#known.set(key, found);
    return found;
  }

  async #countAll(workspaceId: number): Promise<Scope> {
    const { documents } = await this.#published(workspaceId)
      .select(row => row.fn.countAll<number>().as('documents'))
      .executeTakeFirstOrThrow();
    return { documents, versionIds: undefined };
  }

  async #findVersions({ workspaceId, documentIds, scope }: ScopeRequest): Promise<Scope> {
    let query = this.#published(workspaceId)
      .innerJoin('documents as document', join =>
        join
          .onRef('document.workspace_id', '=', 'version.workspace_id')
          .onRef('document.id', '=', 'version.document_id'),
      )
      .select('version.id')
      .where(documentsInScope(scope));
    if (documentIds) query = query.where('document.id', 'in', documentIds);
    const versions = await query.execute();
    return { documents: versions.length, versionIds: versions.map(({ id }) => id) };
  }

  #published(workspaceId: number) {
    return forWorkspace(this.#db, workspaceId)
      .selectFrom('document_versions as version')
      .where('version.workspace_id', '=', workspaceId)
      .where('version.role', '=', 'current')
      .where('version.state', '=', 'ready');
  }
}
