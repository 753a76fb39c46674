import type { Db } from '../database/open-database.ts';
import type { Embedder } from '../embedding/embedder.ts';
import type { WordPieces } from '../lexical/analysis/analyse-text.ts';
import type { Scope } from './find-scope.ts';
import type { SearchQuery } from './follow-up-query.ts';
import {
  byScore,
  createScorer,
  type FusionWeights,
  LexicalScale,
  type ScoredPassage,
  type SearchMode,
} from './fuse-scores.ts';
import type { BlockCache } from './lexical/block-cache.ts';
import type { PassageDirectory } from './lexical/passage-directory.ts';
import { queryTerms } from './lexical/query-terms.ts';
import type { WordScores } from './lexical/score-words.ts';
import { searchWords } from './lexical/search-words.ts';
import { type StepTimes, timeStep } from './step-times.ts';
import type { VectorMemory } from './vector/memory/vector-memory.ts';
import type { NearPassage, VectorSearcher } from './vector/nearest-passages.ts';

export type CandidateParts = {
  db: Db;
  embedder: Embedder;
  vectors: VectorSearcher;
  /** Is asked first. */
  vectorMemory: VectorMemory;
  /** Word pieces of the embedding model. */
  loadPieces: () => Promise<WordPieces>;
  weights: FusionWeights;
};

/** With what lives as long as they do. */
type SearchParts = CandidateParts & {
  blocks: BlockCache;
  /** The id of an embedding model. */
  modelIdOf: (name: string, dimensions: number) => Promise<number>;
};

type CandidateRequest = {
  workspaceId: number;
  query: SearchQuery;
  /** Of the query; resolves to an empty one when words alone are searched. */
  queryEmbedding: Promise<Float32Array>;
  mode: SearchMode;
  scope: Scope;
  directory: PassageDirectory;
  /** Is written. */
  times: StepTimes;
};

export type Candidates = {
  /** Best first. */
  ranked: ScoredPassage[];
  /** The same, each with a share of its neighbours' scores: for choosing what an answer is written from. */
  bySurroundings: ScoredPassage[];
  /** What was compared with the passages, of unit length; empty when words alone were searched. */
  questionEmbedding: Float32Array;
};

/** The best of each list; beyond, none has come among the first ten of both (retrieval-measured.md, section 2). */
const MOST_PER_LIST = 200;

/** The best passages by words and by vectors, each with all its scores, in the mode's order. */
export async function findCandidates(parts: SearchParts, request: CandidateRequest): Promise<Candidates> {
  const { mode, directory, times } = request;
  const [questionEmbedding, scores] = await Promise.all([
    timeStep(times, 'embedding', () => request.queryEmbedding),
    timeStep(times, 'lexical', () => scoreWords(parts, request)),
  ]);
  const scale = new LexicalScale(scores, directory, parts.weights, scopeOf(request));
  const byWords = scale.top(MOST_PER_LIST);
  const found =
    mode === 'lexical'
      ? byWords.map(passageId => ({
          passageId,
          versionId: directory.versionOf(passageId)?.versionId ?? 0,
          similarity: undefined,
        }))
      : await timeStep(times, 'vector', () =>
          findByVector(parts, request, { vector: questionEmbedding, alsoPassageIds: byWords }),
        );
  return timeStep(times, 'fusion', async () => {
    const scoreOf = createScorer({ mode, weights: parts.weights, scores, scale, directory });
    const ranked = found.map(scoreOf).toSorted(byScore);
    return { ranked, bySurroundings: smooth(ranked, scoreOf, directory), questionEmbedding };
  });
}

async function scoreWords(
  { blocks, loadPieces }: SearchParts,
  { workspaceId, query, mode, directory }: CandidateRequest,
): Promise<WordScores> {
  const terms =
    mode === 'vector'
      ? { words: [], subwords: [], names: [] }
      : queryTerms(query.texts, directory.languages, await loadPieces());
  return searchWords(blocks, workspaceId, directory, terms);
}

function scopeOf({ scope, directory }: CandidateRequest): (versionIndex: number) => boolean {
  if (!scope.versionIds) return () => true;
  const wanted = new Set(scope.versionIds);
  return versionIndex => wanted.has(directory.versionAt(versionIndex)?.versionId ?? -1);
}

async function findByVector(
  { embedder, vectors, vectorMemory, modelIdOf }: SearchParts,
  { workspaceId, scope, directory }: CandidateRequest,
  { vector, alsoPassageIds }: { vector: Float32Array; alsoPassageIds: number[] },
): Promise<NearPassage[]> {
  const query = {
    workspaceId,
    modelId: await modelIdOf(embedder.modelName, vector.length),
    vector,
    limit: MOST_PER_LIST,
    versionIds: scope.versionIds,
    alsoPassageIds,
  };
  return (await vectorMemory.nearest(query, directory)) ?? vectors.nearest(query);
}

/** Share of the mean of a passage's two neighbours (retrieval-measured.md, section 5). */
const NEIGHBOURS = 0.3;

/** A neighbour outside both lists is less near than all that are in them: it counts as the farthest. */
function smooth(
  ranked: ScoredPassage[],
  scoreOf: ReturnType<typeof createScorer>,
  directory: PassageDirectory,
): ScoredPassage[] {
  const known = new Map(ranked.map(passage => [passage.passageId, passage.score]));
  const similarity = ranked.reduce((least, passage) => Math.min(least, passage.similarity ?? 0), 1);
  const scoreAt = (passageId: number, versionId: number) => {
    if (directory.versionOf(passageId)?.versionId !== versionId) return 0;
    return known.get(passageId) ?? scoreOf({ passageId, versionId, similarity }).score;
  };
  return ranked
    .map(passage => {
      const { passageId, versionId, score } = passage;
      const neighbours = scoreAt(passageId - 1, versionId) + scoreAt(passageId + 1, versionId);
      return { ...passage, score: score + (NEIGHBOURS * neighbours) / 2 };
    })
    .toSorted(byScore);
}
