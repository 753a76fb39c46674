import { forWorkspace } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import { scanBits } from './bit-scan.ts';
import { createVectorCounter } from './count-vectors.ts';
import { scanExactly } from './exact-scan.ts';
import { searchHnsw, VECTORS_IN_VIEW } from './hnsw-search.ts';
import type { ScoredPassages } from './score-nearest.ts';
import type { NearPassage, VectorQuery } from './vector-query.ts';

export type { NearPassage } from './vector-query.ts';

export type VectorSearcher = {
  /**
   * The `limit` nearest passages and all of `alsoPassageIds` that may be found, nearest first.
   * Versions that are not published are never found.
   */
  nearest(query: VectorQuery): Promise<NearPassage[]>;
};

type Options = {
  db: Db;
  kind: 'embedded' | 'native';
  /** Vectors in scope up to which all are compared exactly; where a scan of bits wins, unless told. */
  mostExact?: number;
  /** Vectors whose bits are compared in the time of one walk through the index; as measured, unless told. */
  bitsPerWalk?: number;
};

/** WebAssembly computes slower than it reads, so bits win earlier there. */
const MOST_EXACT = { embedded: 5_000, native: 10_000 };
const BITS_PER_WALK = 20_000;
/** Vectors compared exactly for each passage wanted, and at least. */
const CANDIDATES_PER_PASSAGE = 10;
const LEAST_CANDIDATES = 500;

/**
 * Finds the nearest passages in the way that is fastest for their number, whatever the planner thinks.
 * Filters never shorten the list.
 */
export function createVectorSearcher(options: Options): VectorSearcher {
  const { kind, mostExact = MOST_EXACT[kind], bitsPerWalk = BITS_PER_WALK } = options;
  const count = createVectorCounter(options.db);
  const search = async (query: VectorQuery): Promise<ScoredPassages> => {
    const { inScope, inTable, isIndexed } = await count(query);
    const db = forWorkspace(options.db, query.workspaceId);
    if (inScope <= mostExact) return scanExactly(db, query);
    if (isIndexed && inScope >= bitsPerWalk * countWalks(query.limit, inScope / inTable)) {
      const scored = await searchHnsw(db, query);
      if (scored.nearest.length >= query.limit) return scored;
    }
    return scanBits(db, query, Math.max(LEAST_CANDIDATES, CANDIDATES_PER_PASSAGE * query.limit));
  };
  return { nearest: async query => merge(await search(query)) };
}

function merge({ nearest, also }: ScoredPassages): NearPassage[] {
  const found = new Map([...nearest, ...also].map(passage => [passage.passageId, passage]));
  return [...found.values()].sort((a, b) => b.similarity - a.similarity || a.passageId - b.passageId);
}

/** The index knows no scope: when one in four vectors is in it, four are met for each that is wanted. */
const countWalks = (limit: number, shareInScope: number): number =>
  Math.max(1, limit / shareInScope / VECTORS_IN_VIEW);
