import { sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import { forWorkspace } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import { IndexRun } from '../../lexical/index-run.ts';
import { type IndexedVersion, PassageDirectory } from './passage-directory.ts';

/** Counters of a workspace's index; a cached result or directory is as old as they were. */
export type IndexState = {
  /** Counts what changes what a search finds. */
  version: number;
  /** Of document_changes. */
  lastChange: number;
  lastMerge: number;
};

export async function readIndexState(db: Db, workspaceId: number): Promise<IndexState> {
  const { rows } = await sql<IndexState>`
    /* prepared: index-state */
    SELECT version, last_change AS "lastChange", last_merge AS "lastMerge" FROM index_versions
    WHERE workspace_id = ${workspaceId}`.execute(db);
  if (!rows[0]) throw new Error(`workspace ${workspaceId} has no index`);
  return rows[0];
}

type Loaded = { directory: PassageDirectory; state: IndexState; loadedAt: number };

/** Directories of so many workspaces are kept. */
const MOST_DIRECTORIES = 100;
/** Deletions are remembered for 24 hours: an older directory might have missed some. */
const MOST_AGE_MS = 12 * 60 * 60 * 1000;

/** Keeps the directories of passages in step with the database, by what has changed since it last looked. */
export class DirectoryCache {
  readonly #db: Db;
  readonly #loaded = new LRUCache<number, Loaded>({ max: MOST_DIRECTORIES });
  readonly #loading = new Map<number, Promise<Loaded>>();

  constructor(db: Db) {
    this.#db = db;
  }

  /** The workspace's directory, at least as new as `state`. */
  async get(workspaceId: number, state: IndexState): Promise<PassageDirectory> {
    for (;;) {
      const known = this.#loaded.get(workspaceId);
      if (known && isAsNewAs(known.state, state)) return known.directory;
      const running = this.#loading.get(workspaceId);
      if (running) await running;
      else {
        const loading = this.#refresh(workspaceId, known, state);
        this.#loading.set(workspaceId, loading);
        try {
          this.#loaded.set(workspaceId, await loading);
        } finally {
          this.#loading.delete(workspaceId);
        }
      }
    }
  }

  async #refresh(workspaceId: number, known: Loaded | undefined, state: IndexState): Promise<Loaded> {
    const isUsable = known && performance.now() - known.loadedAt < MOST_AGE_MS;
    const directory = isUsable ? known.directory.compacted() : new PassageDirectory();
    if (isUsable) {
      if (known.state.lastMerge < state.lastMerge)
        await this.#applyMerges(workspaceId, directory, known.state.lastMerge);
      await this.#applyChanges(workspaceId, directory, known.state.lastChange);
    } else await this.#load(workspaceId, directory);
    return { directory, state, loadedAt: isUsable ? known.loadedAt : performance.now() };
  }

  async #load(workspaceId: number, directory: PassageDirectory): Promise<void> {
    const { rows } = await sql<IndexedRow>`
      SELECT ${indexedColumns} FROM document_versions AS version ${joinIndexed}
      WHERE version.workspace_id = ${workspaceId} AND version.role = 'current' AND version.state = 'ready'`.execute(
      forWorkspace(this.#db, workspaceId),
    );
    for (const version of await this.#readVersions(workspaceId, rows)) directory.add(version);
  }

  async #applyMerges(workspaceId: number, directory: PassageDirectory, after: number): Promise<void> {
    const merged = await forWorkspace(this.#db, workspaceId)
      .selectFrom('lexical_documents')
      .select(['version_id', 'merge_number'])
      .where('workspace_id', '=', workspaceId)
      .where('merge_number', '>', after)
      .execute();
    for (const { version_id, merge_number } of merged) directory.markMerged(version_id, merge_number ?? 0);
  }

  async #applyChanges(workspaceId: number, directory: PassageDirectory, after: number): Promise<void> {
    const { rows } = await sql<{ changed_id: number } & Nullable<IndexedRow>>`
      SELECT change.document_id AS changed_id, ${indexedColumns}
      FROM document_changes AS change
      LEFT JOIN (document_versions AS version ${joinIndexed})
        ON version.workspace_id = change.workspace_id AND version.document_id = change.document_id
        AND version.role = 'current' AND version.state = 'ready'
      WHERE change.workspace_id = ${workspaceId} AND change.number > ${after}`.execute(
      forWorkspace(this.#db, workspaceId),
    );
    const versions = await this.#readVersions(
      workspaceId,
      rows.filter(row => isIndexed(row)),
    );
    // At once: a search that is under way sees the version before or the one after, never none.
    for (const { changed_id } of rows) directory.removeDocument(changed_id);
    for (const version of versions) directory.add(version);
  }

  async #readVersions(workspaceId: number, rows: IndexedRow[]): Promise<IndexedVersion[]> {
    const unmerged = rows.filter(({ state }) => state !== 'merged').map(({ version_id }) => version_id);
    const runs = await this.#readRuns(workspaceId, unmerged);
    return rows.map(row => ({
      versionId: row.version_id,
      documentId: row.document_id,
      language: row.language,
      firstPassageId: row.first_passage_id,
      lengths: new Uint16Array(Uint8Array.from(row.lengths).buffer),
      nameLength: row.name_length,
      runs: row.state === 'merged' ? undefined : (runs.get(row.version_id) ?? []),
      mergeNumber: row.merge_number ?? 0,
    }));
  }

  async #readRuns(workspaceId: number, versionIds: number[]) {
    const runs = new Map<number, { firstOrdinal: number; run: IndexRun }[]>();
    if (versionIds.length === 0) return runs;
    const { rows } = await sql<{ version_id: number; first_ordinal: number; data: Buffer }>`
      SELECT version_id, first_ordinal, data FROM lexical_runs
      WHERE workspace_id = ${workspaceId} AND version_id = ANY(${versionIds}::bigint[])`.execute(
      forWorkspace(this.#db, workspaceId),
    );
    for (const { version_id, first_ordinal, data } of rows) {
      const ofVersion = runs.get(version_id) ?? [];
      runs.set(version_id, ofVersion);
      ofVersion.push({ firstOrdinal: first_ordinal, run: new IndexRun(data) });
    }
    return runs;
  }
}

const isAsNewAs = (known: IndexState, wanted: IndexState) =>
  known.version >= wanted.version && known.lastMerge >= wanted.lastMerge;

type IndexedRow = {
  version_id: number;
  document_id: number;
  language: string | null;
  first_passage_id: number;
  lengths: Buffer;
  name_length: number;
  state: string;
  merge_number: number | null;
};
type Nullable<Row> = { [Key in keyof Row]: Row[Key] | null };

const indexedColumns = sql`version.id AS version_id, version.document_id,
  coalesce(document.language, version.language) AS language,
  lexical.first_passage_id, lexical.lengths, lexical.name_length, lexical.state, lexical.merge_number`;

const joinIndexed = sql`
  JOIN documents AS document ON document.workspace_id = version.workspace_id AND document.id = version.document_id
  JOIN lexical_documents AS lexical
    ON lexical.workspace_id = version.workspace_id AND lexical.version_id = version.id`;

const isIndexed = (row: Nullable<IndexedRow>): row is IndexedRow & Nullable<IndexedRow> =>
  row.version_id !== null;
