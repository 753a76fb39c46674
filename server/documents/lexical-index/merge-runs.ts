/** Moves what was indexed into the blocks that a search reads, many documents at a time. */
import { sql } from 'kysely';
import type { Db } from '../../database/open-database.ts';
import { IndexRun } from '../../lexical/index-run.ts';
import {
  decodePostings,
  encodePostings,
  offsetInPage,
  type Postings,
  pageOf,
  unitePostings,
} from '../../lexical/postings.ts';
import { type Block, lockBlocks, readBlocks, TERMS_PER_STEP, writeBlocks } from './lexical-store.ts';

/** Merging few documents would write almost as many blocks as merging many. */
const ENOUGH_DOCUMENTS = 64;
const ENOUGH_PASSAGES = 1_000;
/** Of one merge, unless a single document has more. */
const MOST_PASSAGES = 4_000;
/** A merge that has not ended by then belonged to a process that is gone. */
const ABANDONED_MINUTES = 10;

type OwnVersion = { versionId: number; firstPassageId: number; passages: number };
type PlacedRun = { versionId: number; firstPassageId: number; run: IndexRun };

/**
 * Merges the runs of a workspace's published documents if there are enough of them. Uniting postings is
 * idempotent: a merge that was cut short is done again from the start.
 *
 * @returns whether there may be more to merge.
 */
export async function mergeRuns(db: Db, workspaceId: number): Promise<boolean> {
  const versions = await takeVersions(db, workspaceId);
  if (versions.length === 0) return false;
  const runs = await readRuns(db, workspaceId, versions);
  for (const range of termRanges(runs)) await mergeRange(db, workspaceId, { versions, runs, range });
  await finishMerge(db, workspaceId, versions);
  return true;
}

/** Marks the versions to merge now. */
async function takeVersions(db: Db, workspaceId: number): Promise<OwnVersion[]> {
  return db.transaction().execute(async trx => {
    await lockBlocks(trx, workspaceId);
    const { rows } = await sql<OwnVersion>`
      SELECT lexical.version_id AS "versionId", lexical.first_passage_id AS "firstPassageId",
        length(lexical.lengths) / 4 AS passages
      FROM lexical_documents AS lexical
      JOIN document_versions AS version
        ON version.workspace_id = lexical.workspace_id AND version.id = lexical.version_id
      WHERE lexical.workspace_id = ${workspaceId} AND version.role = 'current' AND version.state = 'ready'
        AND (lexical.state = 'own' OR lexical.state = 'merging'
          AND lexical.merging_since < now() - make_interval(mins => ${ABANDONED_MINUTES}))
      ORDER BY lexical.version_id`.execute(trx);
    const total = rows.reduce((sum, { passages }) => sum + passages, 0);
    if (rows.length < ENOUGH_DOCUMENTS && total < ENOUGH_PASSAGES) return [];
    let taken = 0;
    const versions = rows.filter(({ passages }, index) => {
      taken += passages;
      return index === 0 || taken <= MOST_PASSAGES;
    });
    await trx
      .updateTable('lexical_documents')
      .set({ state: 'merging', merging_since: sql`now()` })
      .where('workspace_id', '=', workspaceId)
      .where(
        'version_id',
        'in',
        versions.map(({ versionId }) => versionId),
      )
      .execute();
    return versions;
  });
}

async function readRuns(db: Db, workspaceId: number, versions: OwnVersion[]): Promise<PlacedRun[]> {
  const runs: PlacedRun[] = [];
  for (const { versionId, firstPassageId } of versions) {
    const rows = await db
      .selectFrom('lexical_runs')
      .select(['first_ordinal', 'data'])
      .where('workspace_id', '=', workspaceId)
      .where('version_id', '=', versionId)
      .execute();
    for (const { first_ordinal, data } of rows)
      runs.push({
        versionId,
        firstPassageId: firstPassageId + first_ordinal,
        run: new IndexRun(data),
      });
  }
  return runs;
}

type TermRange = { first: number; last: number };

/** Hashes are spread evenly: equal ranges of them hold about equally many terms. */
function* termRanges(runs: PlacedRun[]): Generator<TermRange> {
  const terms = runs.reduce((sum, { run }) => sum + run.terms.length, 0);
  const steps = Math.max(1, Math.ceil(terms / TERMS_PER_STEP));
  const width = 2 ** 32 / steps;
  for (let step = 0; step < steps; step += 1)
    yield { first: Math.ceil(step * width - 2 ** 31), last: Math.ceil((step + 1) * width - 2 ** 31) - 1 };
}

type Merge = { versions: OwnVersion[]; runs: PlacedRun[]; range: TermRange };

async function mergeRange(db: Db, workspaceId: number, { versions, runs, range }: Merge): Promise<void> {
  await db.transaction().execute(async trx => {
    await lockBlocks(trx, workspaceId);
    // A version deleted meanwhile is left out: its postings may have been removed already.
    const rows = await trx
      .selectFrom('lexical_documents')
      .select('version_id')
      .where('workspace_id', '=', workspaceId)
      .where('state', '=', 'merging')
      .where(
        'version_id',
        'in',
        versions.map(({ versionId }) => versionId),
      )
      .forShare()
      .execute();
    const living = new Set(rows.map(({ version_id }) => version_id));
    const added = collectPostings(
      runs.filter(({ versionId }) => living.has(versionId)),
      range,
    );
    if (added.size === 0) return;
    const pages = [...new Set([...added.values()].flatMap(byPage => [...byPage.keys()]))];
    const known = await readBlocks(trx, workspaceId, { terms: [...added.keys()], pages });
    const before = new Map(known.map(({ term, page, data }) => [`${term} ${page}`, data]));
    const blocks: Block[] = [];
    for (const [term, byPage] of added)
      for (const [page, postings] of byPage) {
        const data = before.get(`${term} ${page}`);
        const united = data ? unitePostings(decodePostings(data), postings) : postings;
        blocks.push({ term, page, data: encodePostings(united) });
      }
    await writeBlocks(trx, workspaceId, blocks);
  });
}

/** The runs' postings with terms in the range, by term and page. */
function collectPostings(runs: PlacedRun[], { first, last }: TermRange): Map<number, Map<number, Postings>> {
  const collected = new Map<number, Map<number, { offsets: number[]; frequencies: number[] }>>();
  // By passage id, so that offsets ascend.
  for (const { firstPassageId, run } of runs.toSorted((a, b) => a.firstPassageId - b.firstPassageId))
    for (let at = run.firstAtLeast(first); at < run.terms.length; at += 1) {
      const term = run.terms[at] ?? 0;
      if (term > last) break;
      const byPage = collected.get(term) ?? new Map();
      collected.set(term, byPage);
      const { positions, frequencies } = run.postingsAt(at);
      for (const [index, position] of positions.entries()) {
        const page = pageOf(firstPassageId + position);
        const lists = byPage.get(page) ?? { offsets: [], frequencies: [] };
        byPage.set(page, lists);
        lists.offsets.push(offsetInPage(firstPassageId + position));
        lists.frequencies.push(frequencies[index] ?? 0);
      }
    }
  const toPostings = (lists: { offsets: number[]; frequencies: number[] }): Postings => ({
    offsets: Uint16Array.from(lists.offsets),
    frequencies: Uint8Array.from(lists.frequencies),
  });
  return new Map(
    Array.from(collected, ([term, byPage]) => [
      term,
      new Map(Array.from(byPage, ([page, lists]) => [page, toPostings(lists)])),
    ]),
  );
}

/** From now on the versions are found by the blocks. */
async function finishMerge(db: Db, workspaceId: number, versions: OwnVersion[]): Promise<void> {
  await sql`
    WITH counter AS (
      UPDATE index_versions SET last_merge = last_merge + 1 WHERE workspace_id = ${workspaceId}
      RETURNING last_merge
    )
    UPDATE lexical_documents SET state = 'merged', merging_since = NULL, merge_number = counter.last_merge
    FROM counter
    WHERE workspace_id = ${workspaceId} AND state = 'merging'
      AND version_id = ANY(${versions.map(({ versionId }) => versionId)}::bigint[])`.execute(db);
}
