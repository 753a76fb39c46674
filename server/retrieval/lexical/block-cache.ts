import { sql } from 'kysely';
import { LRUCache } from 'lru-cache';
import { forWorkspace } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import { decodePostings, type Postings } from '../../lexical/postings.ts';

/** The postings of a term in one page of passage ids. */
export type Block = Postings & { page: number };

/** `lastMerge`: the newest merge that was known to have ended before the blocks were read. */
type Known = { blocks: Block[]; lastMerge: number };

/** What an entry and each of its blocks take beside the postings, about. */
const ENTRY_BYTES = 200;

/**
 * Reads the blocks of terms, and keeps those that were asked for last in the memory of the process: questions
 * of one library share most of their words. Merges add postings to blocks, so blocks read before a merge
 * are not used after it. Postings that are removed do no harm where they are still remembered: their
 * passages are gone from the directory, and no passage gets their ids again.
 */
export class BlockCache {
  readonly #db: Db;
  readonly #known: LRUCache<string, Known> | undefined;

  /** @param maxBytes 0: every block is read from the database. */
  constructor(db: Db, maxBytes: number) {
    this.#db = db;
    this.#known = maxBytes > 0 ? new LRUCache({ maxSize: maxBytes, sizeCalculation: sizeOf }) : undefined;
  }

  /**
   * @param terms hashes.
   * @param lastMerge postings of versions merged until then are all there.
   * @returns blocks by term; nothing for a term that is in none.
   */
  async read(workspaceId: number, terms: number[], lastMerge: number): Promise<Map<number, Block[]>> {
    const blocks = new Map<number, Block[]>();
    const missing: number[] = [];
    for (const term of new Set(terms)) {
      const known = this.#known?.get(keyOf(workspaceId, term));
      if (known && known.lastMerge >= lastMerge) blocks.set(term, known.blocks);
      else missing.push(term);
    }
    if (missing.length === 0) return blocks;
    const found = await readBlocks(forWorkspace(this.#db, workspaceId), workspaceId, missing);
    for (const term of missing) {
      const ofTerm = found.get(term) ?? [];
      blocks.set(term, ofTerm);
      this.#known?.set(keyOf(workspaceId, term), { blocks: ofTerm, lastMerge });
    }
    return blocks;
  }
}

const keyOf = (workspaceId: number, term: number) => `${workspaceId}:${term}`;

const sizeOf = ({ blocks }: Known) =>
  blocks.reduce((sum, { offsets }) => sum + ENTRY_BYTES + 3 * offsets.length, ENTRY_BYTES);

async function readBlocks(db: Db, workspaceId: number, terms: number[]): Promise<Map<number, Block[]>> {
  const { rows } = await sql<{ term: number; page: number; data: Buffer }>`
    /* prepared: lexical-blocks */
    SELECT term, page, data FROM lexical_blocks
    WHERE workspace_id = ${workspaceId} AND term = ANY(${terms}::int[])`.execute(db);
  const blocks = new Map<number, Block[]>();
  for (const { term, page, data } of rows) {
    const { offsets, frequencies } = decodePostings(data);
    // Copied: small buffers are parts of larger ones, which they would keep.
    const block = { page, offsets: offsets.slice(), frequencies: Uint8Array.from(frequencies) };
    const ofTerm = blocks.get(term);
    if (ofTerm) ofTerm.push(block);
    else blocks.set(term, [block]);
  }
  return blocks;
}
