/** Whether words find every passage, and nothing that is gone. */
import { sql } from 'kysely';
import type { Db } from '../../database/open-database.ts';
import { maxRunPassages } from '../../lexical/index-run.ts';
import { decodePostings, encodePostings, passagesPerPage } from '../../lexical/postings.ts';
import { bumpIndexVersion, recordChange } from '../document-changes.ts';
import { type Block, lockBlocks, writeBlocks } from '../lexical-index/lexical-store.ts';
import { requeueVersion } from '../requeue-version.ts';
import { type Check, type Finding, findRows } from './check.ts';

export const lexicalChecks: Check[] = [
  {
    name: 'leftover_runs',
    meaning: 'Words of documents that the index does not know (any more). Repairing removes them.',
    find: db =>
      findRows(
        db,
        sql`SELECT run.workspace_id, version.document_id, run.version_id AS id, count(*) || ' runs' AS detail
          FROM lexical_runs AS run
          JOIN document_versions AS version
            ON version.workspace_id = run.workspace_id AND version.id = run.version_id
          WHERE NOT EXISTS (${lexicalDocumentOf('run')})
          GROUP BY run.workspace_id, version.document_id, run.version_id`,
      ),
    repair: async (db, { workspaceId, id }) => {
      await sql`DELETE FROM lexical_runs AS run
        WHERE workspace_id = ${workspaceId} AND version_id = ${id}
          AND NOT EXISTS (${lexicalDocumentOf('run')})`.execute(db);
    },
  },
  {
    name: 'unindexed_words',
    meaning: 'Documents that words do not find, in part or at all. Repairing reads the file again.',
    find: db =>
      findRows(
        db,
        sql`SELECT version.workspace_id, version.document_id, version.id,
            coalesce(length(lexical.lengths) / 4, 0) || ' of ' || version.passage_count || ' passages' AS detail
          FROM document_versions AS version
          LEFT JOIN lexical_documents AS lexical
            ON lexical.workspace_id = version.workspace_id AND lexical.version_id = version.id
          WHERE version.state = 'ready' AND version.role = 'current' AND (
            lexical.version_id IS NULL OR length(lexical.lengths) <> 4 * version.passage_count
            OR (SELECT count(*) FROM lexical_runs AS run
              WHERE run.workspace_id = version.workspace_id AND run.version_id = version.id)
              <> (version.passage_count + ${maxRunPassages - 1}) / ${maxRunPassages}
            OR EXISTS (SELECT 1 FROM passages AS passage
              WHERE passage.workspace_id = version.workspace_id AND passage.version_id = version.id
                AND passage.id <> lexical.first_passage_id + passage.ordinal))`,
      ),
    async repair(db, finding) {
      const { workspaceId, documentId, id } = finding;
      await db.transaction().execute(async trx => {
        await requeueVersion(trx, workspaceId, { versionId: id, documentId: documentId ?? 0 });
        // Without whole runs, reading again could not tell which postings to take out of the blocks. Now they
        // belong to no version, and the check of leftover postings, below, takes them.
        await lockBlocks(trx, workspaceId);
        for (const table of ['lexical_runs', 'lexical_documents'] as const)
          await trx
            .deleteFrom(table)
            .where('workspace_id', '=', workspaceId)
            .where('version_id', '=', id)
            .execute();
      });
    },
  },
  {
    name: 'incomplete_postings',
    meaning: 'Documents with words missing from the merged index. Repairing merges them again.',
    async find(db) {
      const findings: Finding[] = [];
      for (const workspaceId of await listWorkspaces(db)) {
        const versions = await readVersions(db, workspaceId);
        await countPostings(db, workspaceId, versions);
        for (const { versionId, documentId, state, expected, counted } of versions)
          if (state === 'merged' && counted !== expected) {
            const detail = `${counted} of ${expected} postings`;
            findings.push({ workspaceId, documentId, id: versionId, detail });
          }
      }
      return findings;
    },
    async repair(db, { workspaceId, documentId, id }) {
      await db.transaction().execute(async trx => {
        await lockBlocks(trx, workspaceId);
        await trx
          .updateTable('lexical_documents')
          .set({ state: 'own', merge_number: null })
          .where('workspace_id', '=', workspaceId)
          .where('version_id', '=', id)
          .execute();
        await bumpIndexVersion(trx, workspaceId);
        await recordChange(trx, workspaceId, documentId ?? 0);
      });
    },
  },
  {
    name: 'leftover_postings',
    meaning: 'Words of documents that are gone. No search finds them; repairing removes them.',
    async find(db) {
      const findings: Finding[] = [];
      for (const workspaceId of await listWorkspaces(db)) {
        const leftovers = await countPostings(db, workspaceId, await readVersions(db, workspaceId));
        for (const [page, count] of leftovers)
          findings.push({ workspaceId, documentId: null, id: page, detail: `${count} in page ${page}` });
      }
      return findings;
    },
    async repair(db, { workspaceId, id: page }) {
      for await (const blocks of readAllBlocks(db, workspaceId))
        await db.transaction().execute(async trx => {
          await lockBlocks(trx, workspaceId);
          const ofPage = blocks.filter(block => block.page === page);
          await rewrite(trx, workspaceId, ofPage, await readVersions(trx, workspaceId));
        });
    },
  },
];

const lexicalDocumentOf = (run: string) =>
  sql`SELECT FROM lexical_documents AS lexical
    WHERE lexical.workspace_id = ${sql.ref(run)}.workspace_id AND lexical.version_id = ${sql.ref(run)}.version_id`;

type IndexedVersion = {
  versionId: number;
  documentId: number;
  state: string;
  firstPassageId: number;
  passages: number;
  /** Postings in its runs. */
  expected: number;
  /** Postings in the blocks. */
  counted: number;
};

async function listWorkspaces(db: Db): Promise<number[]> {
  const workspaces = await db.selectFrom('workspaces').select('id').execute();
  return workspaces.map(({ id }) => id);
}

/** All versions with entries in the index, by their first passage. */
async function readVersions(db: Db, workspaceId: number): Promise<IndexedVersion[]> {
  const { rows } = await sql<IndexedVersion>`
    SELECT lexical.version_id AS "versionId", version.document_id AS "documentId", lexical.state,
      lexical.first_passage_id AS "firstPassageId", length(lexical.lengths) / 4 AS passages, 0 AS counted,
      (SELECT coalesce(sum((length(data) - 4 - 8 * (get_byte(data, 0) + 256 * get_byte(data, 1)
        + 65536 * get_byte(data, 2))) / 2), 0)::int FROM lexical_runs AS run
        WHERE run.workspace_id = lexical.workspace_id AND run.version_id = lexical.version_id) AS expected
    FROM lexical_documents AS lexical JOIN document_versions AS version
      ON version.workspace_id = lexical.workspace_id AND version.id = lexical.version_id
    WHERE lexical.workspace_id = ${workspaceId}
    ORDER BY lexical.first_passage_id`.execute(db);
  return rows;
}

/** Adds up each version's postings in the blocks. @returns by page those of no version. */
async function countPostings(
  db: Db,
  workspaceId: number,
  versions: IndexedVersion[],
): Promise<Map<number, number>> {
  const leftovers = new Map<number, number>();
  for await (const blocks of readAllBlocks(db, workspaceId))
    for (const { page, data } of blocks)
      for (const offset of decodePostings(data).offsets) {
        const version = findVersion(versions, page * passagesPerPage + offset);
        if (version) version.counted += 1;
        else leftovers.set(page, (leftovers.get(page) ?? 0) + 1);
      }
  return leftovers;
}

function findVersion(versions: IndexedVersion[], passageId: number): IndexedVersion | undefined {
  let low = 0;
  let high = versions.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((versions[middle]?.firstPassageId ?? 0) <= passageId) low = middle + 1;
    else high = middle;
  }
  const version = versions[low - 1];
  return version && passageId < version.firstPassageId + version.passages ? version : undefined;
}

async function rewrite(db: Db, workspaceId: number, blocks: Block[], versions: IndexedVersion[]) {
  const changed = blocks.flatMap(({ term, page, data }) => {
    const { offsets, frequencies } = decodePostings(data);
    const lives = (_: number, index: number) =>
      findVersion(versions, page * passagesPerPage + (offsets[index] ?? 0)) !== undefined;
    const kept = { offsets: offsets.filter(lives), frequencies: frequencies.filter(lives) };
    return kept.offsets.length < offsets.length ? [{ term, page, data: encodePostings(kept) }] : [];
  });
  await writeBlocks(db, workspaceId, changed);
}

const BLOCKS_AT_A_TIME = 1_000;

async function* readAllBlocks(db: Db, workspaceId: number): AsyncGenerator<Block[]> {
  let last = { term: -(2 ** 31), page: -1 };
  for (;;) {
    const { rows } = await sql<Block>`
      SELECT term, page, data FROM lexical_blocks
      WHERE workspace_id = ${workspaceId} AND (term, page) > (${last.term}::int, ${last.page}::int)
      ORDER BY term, page LIMIT ${BLOCKS_AT_A_TIME}`.execute(db);
    const final = rows.at(-1);
    if (!final) return;
    yield rows;
    last = final;
  }
}
