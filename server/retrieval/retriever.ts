/** The search: a question becomes the passages that may answer it. */
import { LRUCache } from 'lru-cache';
import { rememberEmbeddingModelIds } from '../database/embedding-model-id.ts';
import { forWorkspace } from '../database/isolation/for-workspace.ts';
import type { Db } from '../database/open-database.ts';
import { embedSearchQuery } from './embed-search-query.ts';
import { asksForSeveral, composeExcerpts, type Excerpt } from './excerpts.ts';
import { type CandidateParts, type Candidates, findCandidates } from './find-candidates.ts';
import { ScopeFinder, type ScopeRequest } from './find-scope.ts';
import { composeSearchQuery, type SearchQuery } from './follow-up-query.ts';
import type { ScoredPassage, SearchMode } from './fuse-scores.ts';
import { BlockCache } from './lexical/block-cache.ts';
import { DirectoryCache, type IndexState, readIndexState } from './lexical/directory-cache.ts';
import { type PassageDetails, readPassageDetails } from './passage-details.ts';
import { QuestionEmbeddings } from './question-embeddings.ts';
import { type Reranking, rerankCandidates } from './rerank-candidates.ts';
import { type StepTimes, timeStep } from './step-times.ts';

type RetrievalRequest = ScopeRequest & {
  question: string;
  /** Of the same conversation, newest first. */
  earlierQuestions?: string[] | undefined;
  /** Passages to find; the setting's number when undefined. */
  topK?: number | undefined;
  /** `hybrid` when undefined. */
  mode?: SearchMode | undefined;
  /** UTF-16 units of the excerpts to write an answer from; none when undefined. */
  excerptCharacters?: number | undefined;
};

/** A found passage with its scores and its texts. */
export type RetrievedPassage = ScoredPassage & PassageDetails;

export type Retrieval = {
  /** Found by words, or near enough to be evidence; best first. */
  passages: RetrievedPassage[];
  /** The best passages whether or not they are evidence: what there is when nothing is. */
  nearest: RetrievedPassage[];
  /** The documents' texts around what was found, best first. */
  excerpts: Excerpt[];
  /** What was searched for. */
  query: SearchQuery;
  /** The best of all that was found, best first; why one is in no excerpt, or null. */
  candidates: (ScoredPassage & { leftOut: PassageLeftOut | null })[];
  limits: { topK: number; minSimilarity: number; excerptCharacters: number };
  /** Empty when it is cached. */
  times: StepTimes;
  /** Documents that could be searched. */
  searchedDocuments: number;
  /** What was compared with the passages, of unit length. */
  questionEmbedding: Float32Array;
  cached: boolean;
  /** Whether a reranker had the last word. */
  reranked: boolean;
};

type PassageLeftOut = 'beyond_top_k' | 'under_min_similarity' | 'near_duplicate' | 'over_excerpt_budget';

export type Retriever = {
  retrieve(request: RetrievalRequest): Promise<Retrieval>;
  /** Begins to embed a question that will be asked in a moment. */
  anticipate(workspaceId: number, question: string): void;
  /** Reads what the first question of a workspace would otherwise wait for. */
  prepare(workspaceId: number): Promise<void>;
};

export type RetrieverOptions = CandidateParts & {
  /* The next four may change: they are looked at for each question. */
  /** Undefined: the fused order is the last. */
  readonly reranking: Reranking | undefined;
  /** Passages per question. */
  readonly topK: number;
  /** Cosine below which a passage that shares no word with the question is no evidence. */
  readonly minSimilarity: number;
  /** 0 switches the cache off. */
  readonly cacheSeconds: number;
  /** For what questions have asked of the lexical index; 0: nothing is kept. */
  lexicalMemoryBytes: number;
};

/** Documents change while they are searched, but not every time. */
const MOST_SEARCHES = 5;
/** Candidates that a trace shows. */
const MOST_TRACED = 30;
const MOST_CACHED = 500;
/** UTF-16 units of all cached texts together: a retrieval holds some 30,000. */
const MOST_CACHED_UNITS = 4_000_000;

export function createRetriever(options: RetrieverOptions): Retriever {
  const { db } = options;
  const kept = {
    scopes: new ScopeFinder(db),
    directories: new DirectoryCache(db),
    blocks: new BlockCache(db, options.lexicalMemoryBytes),
    modelIdOf: rememberEmbeddingModelIds(db),
    questions: new QuestionEmbeddings(options.embedder),
  };
  const cache = new LRUCache<string, Retrieval>({
    max: MOST_CACHED,
    maxSize: MOST_CACHED_UNITS,
    sizeCalculation: unitsOf,
  });
  return {
    async prepare(workspaceId) {
      const directory = await kept.directories.get(
        workspaceId,
        await readIndexState(forWorkspace(db, workspaceId), workspaceId),
      );
      const { modelName, dimensions } = options.embedder;
      if (dimensions === undefined) return;
      const modelId = await kept.modelIdOf(modelName, dimensions);
      await options.vectorMemory.prepare({ workspaceId, modelId, dimensions }, directory);
    },
    anticipate(workspaceId, question) {
      kept.questions.embed(workspaceId, question).catch(() => {});
    },
    async retrieve(request) {
      const { workspaceId } = request;
      const parts = { ...options, ...kept };
      const { topK, minSimilarity, cacheSeconds, reranking } = parts;
      const query = composeSearchQuery(request.question, request.earlierQuestions ?? []);
      const queryEmbedding = embedQuery(parts, request, query);
      const state = await readIndexState(forWorkspace(db, workspaceId), workspaceId);
      // The version is part of the key: what was found before a document came or went is not found again. So is what
      // settings say of searching.
      const settings = [topK, minSimilarity, cacheSeconds, reranking?.mostCandidates, reranking?.timeoutMs];
      const key = JSON.stringify([request, state.version, settings]);
      const known = cacheSeconds > 0 ? cache.get(key) : undefined;
      if (known) return { ...known, cached: true, times: {} };
      const retrieval = await search(parts, { ...request, query, queryEmbedding }, state);
      // A reranker that failed is asked again.
      if (cacheSeconds > 0 && (retrieval.reranked || !mayRerank(parts, request)))
        cache.set(key, retrieval, { ttl: cacheSeconds * 1000 });
      return retrieval;
    },
  };
}

const unitsOf = ({ nearest, excerpts }: Retrieval) =>
  [...nearest, ...excerpts].reduce((sum, { text }) => sum + text.length, 1_000);

const mayRerank = ({ reranking }: RetrieverOptions, { mode = 'hybrid' }: RetrievalRequest) =>
  reranking !== undefined && mode === 'hybrid';

type SearchParts = RetrieverOptions & {
  scopes: ScopeFinder;
  directories: DirectoryCache;
  blocks: BlockCache;
  modelIdOf: (name: string, dimensions: number) => Promise<number>;
  questions: QuestionEmbeddings;
};

/** Takes longest, so it begins before anything else; whoever waits for it learns that it failed. */
function embedQuery(
  { questions }: SearchParts,
  { workspaceId, mode }: RetrievalRequest,
  query: SearchQuery,
): Promise<Float32Array> {
  if (mode === 'lexical') return Promise.resolve(new Float32Array(0));
  const embedding = embedSearchQuery(query, text => questions.embed(workspaceId, text));
  embedding.catch(() => {});
  return embedding;
}

type Search = RetrievalRequest & { query: SearchQuery; queryEmbedding: Promise<Float32Array> };

async function search(parts: SearchParts, request: Search, firstState: IndexState): Promise<Retrieval> {
  const { workspaceId, question, mode = 'hybrid', query, queryEmbedding } = request;
  const db = forWorkspace(parts.db, workspaceId);
  let state = firstState;
  for (let attempt = 1; ; attempt += 1) {
    const times: StepTimes = {};
    const [scope, directory] = await timeStep(times, 'scope', () =>
      Promise.all([parts.scopes.find(request, state.version), parts.directories.get(workspaceId, state)]),
    );
    const found = await findCandidates(parts, {
      workspaceId,
      query,
      queryEmbedding,
      mode,
      scope,
      directory,
      times,
    });
    const { reranking } = parts;
    const reranked =
      reranking && mayRerank(parts, request)
        ? await timeStep(times, 'rerank', () =>
            rerankCandidates(db, reranking, { workspaceId, question, ranked: found.ranked }),
          )
        : undefined;
    const chosen = await timeStep(times, 'choosing', () => choosePassages(parts, request, found, reranked));
    // A version replaced or deleted since the search has no text any more and is no evidence: look again.
    if (chosen.isOutdated && attempt < MOST_SEARCHES) {
      state = await readIndexState(db, workspaceId);
      continue;
    }
    const { questionEmbedding } = found;
    return {
      ...chosen,
      query,
      searchedDocuments: scope.documents,
      questionEmbedding,
      cached: false,
      reranked: reranked !== undefined,
      times,
    };
  }
}

/** The best of the candidates with their texts, and what an answer is written from. */
async function choosePassages(
  { db, minSimilarity, topK: usualTopK }: SearchParts,
  { workspaceId, question, topK = usualTopK, excerptCharacters }: RetrievalRequest,
  { ranked, bySurroundings }: Candidates,
  reranked: ScoredPassage[] | undefined,
) {
  const best = (reranked ?? ranked).slice(0, topK);
  const around = (reranked ?? bySurroundings).slice(0, passagesFor(excerptCharacters));
  const wanted = [...new Set([...best, ...around].map(({ passageId }) => passageId))];
  const details = await readDetails(forWorkspace(db, workspaceId), workspaceId, wanted);
  const nearest = withDetails(best, details);
  const isGood = (passage: ScoredPassage) => isEvidence(passage, minSimilarity);
  const passages = nearest.filter(isGood);
  const usable = passages.length > 0 ? around.filter(isGood) : around;
  const maxCharacters = excerptCharacters ?? 0;
  const isDiverse = asksForSeveral(question);
  const { excerpts, leftOut } = composeExcerpts(withDetails(usable, details), { maxCharacters, isDiverse });
  const inExcerpts = new Set(excerpts.flatMap(excerpt => excerpt.passages.map(({ passageId }) => passageId)));
  const isLookedAt = new Set(around.map(({ passageId }) => passageId));
  const whyNot = (passage: ScoredPassage): PassageLeftOut | null => {
    if (inExcerpts.has(passage.passageId)) return null;
    if (!isLookedAt.has(passage.passageId)) return 'beyond_top_k';
    return leftOut.get(passage.passageId) ?? 'under_min_similarity';
  };
  return {
    isOutdated: details.size < wanted.length,
    passages,
    nearest,
    excerpts,
    candidates: (reranked ?? ranked)
      .slice(0, MOST_TRACED)
      .map(passage => ({ ...passage, leftOut: whyNot(passage) })),
    limits: { topK, minSimilarity, excerptCharacters: maxCharacters },
  };
}

/** Passages to look at for so much text: they have some 800 characters, and near-duplicates fall out. */
const passagesFor = (characters: number | undefined) =>
  characters === undefined ? 0 : Math.ceil(characters / 600) + 4;

async function readDetails(
  db: Db,
  workspaceId: number,
  passageIds: number[],
): Promise<Map<number, PassageDetails>> {
  const details = await readPassageDetails(db, workspaceId, passageIds);
  return new Map(details.map(passage => [passage.passageId, passage]));
}

const withDetails = (scored: ScoredPassage[], details: Map<number, PassageDetails>): RetrievedPassage[] =>
  scored.flatMap(passage => {
    const found = details.get(passage.passageId);
    return found ? [{ ...passage, ...found }] : [];
  });

const isEvidence = ({ similarity, parts }: ScoredPassage, minSimilarity: number) =>
  parts.passage > 0 || (similarity ?? 0) >= minSimilarity;
