import { LRUCache } from 'lru-cache';
import type { DocumentScope } from '../../contract/documents.ts';
import { documentsInScope } from '../database/document-scope.ts';
import { readTextRanges } from '../database/document-text.ts';
import { embeddingModelId } from '../database/embedding-model-id.ts';
import type { Db } from '../database/open-database.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { type PassageHit, searchByVector } from './vector-search.ts';

type RetrievalRequest = {
  workspaceId: number;
  question: string;
  /** Only these documents; all when undefined. */
  documentIds: number[] | undefined;
  /** Only documents in this scope. */
  scope: DocumentScope;
  /** Passages to find; the setting's number when undefined. */
  topK?: number | undefined;
};

/** A found passage with its text and its chunk's: each is `text.slice(start, end)` of the version's text. */
export type RetrievedPassage = PassageHit & { text: string; chunkText: string };

export type Retrieval = {
  /** Near enough to be evidence, nearest first. */
  passages: RetrievedPassage[];
  /** The nearest passages however far they are: what there is when nothing is near enough. */
  nearest: RetrievedPassage[];
  /** Documents that could be searched. */
  searchedDocuments: number;
  /** The question's vector, of unit length. */
  questionEmbedding: Float32Array;
  cached: boolean;
};

export type Retriever = { retrieve(request: RetrievalRequest): Promise<Retrieval> };

type Options = {
  db: Db;
  embedder: Embedder;
  /** Passages per question. */
  topK: number;
  /** Cosine below which a passage is no evidence. */
  minSimilarity: number;
  /** 0 switches the cache off. */
  cacheSeconds: number;
};

/** Documents change while they are searched, but not every time. */
const MOST_SEARCHES = 5;
/** A retrieval holds a few kilobytes of text. */
const MOST_CACHED = 500;

/** Finds the passages that may answer a question. */
export function createRetriever(options: Options): Retriever {
  const { db, embedder, cacheSeconds } = options;
  const cache =
    cacheSeconds > 0
      ? new LRUCache<string, Retrieval>({ max: MOST_CACHED, ttl: cacheSeconds * 1000 })
      : undefined;
  // How many documents a scope holds changes with the index version only.
  const counts = new LRUCache<string, number>({ max: MOST_CACHED });
  let modelId: number | undefined;
  return {
    async retrieve(request) {
      // The version is part of the key: what was found before a document came or went is not found again.
      const version = await readIndexVersion(db, request.workspaceId);
      const scope = JSON.stringify([
        request.workspaceId,
        version,
        request.documentIds,
        request.scope,
        request.topK,
      ]);
      const key = scope + request.question;
      const known = cache?.get(key);
      if (known) return { ...known, cached: true };
      const [questionEmbedding, searchedDocuments] = await Promise.all([
        embedder.embedQuestion(request.question),
        counts.get(scope) ?? countDocuments(db, request),
      ]);
      counts.set(scope, searchedDocuments);
      modelId ??= await embeddingModelId(db, embedder.modelName, questionEmbedding.length);
      const nearest = await search(options, request, { modelId, vector: questionEmbedding });
      const passages = nearest.filter(({ similarity }) => similarity >= options.minSimilarity);
      const retrieval = { passages, nearest, searchedDocuments, questionEmbedding, cached: false };
      cache?.set(key, retrieval);
      return retrieval;
    },
  };
}

async function readIndexVersion(db: Db, workspaceId: number): Promise<number> {
  const { version } = await db
    .selectFrom('index_versions')
    .select('version')
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow();
  return version;
}

async function countDocuments(
  db: Db,
  { workspaceId, documentIds, scope }: RetrievalRequest,
): Promise<number> {
  let query = db
    .selectFrom('document_versions as version')
    .innerJoin('documents as document', join =>
      join
        .onRef('document.workspace_id', '=', 'version.workspace_id')
        .onRef('document.id', '=', 'version.document_id'),
    )
    .select(row => row.fn.countAll<number>().as('count'))
    .where('version.workspace_id', '=', workspaceId)
    .where('version.role', '=', 'current')
    .where('version.state', '=', 'ready')
    .where(documentsInScope(scope));
  if (documentIds) query = query.where('document.id', 'in', documentIds);
  const { count } = await query.executeTakeFirstOrThrow();
  return count;
}

/** The nearest passages with their texts, nearest first. */
async function search(
  options: Options,
  request: RetrievalRequest,
  query: { modelId: number; vector: Float32Array },
): Promise<RetrievedPassage[]> {
  for (let attempt = 1; ; attempt += 1) {
    const found = await searchOnce(options, request, query);
    const whole = found.filter(({ chunkText }) => chunkText !== '');
    // A version replaced or deleted since the search has no text any more and is no evidence: look again.
    if (whole.length === found.length || attempt === MOST_SEARCHES) return whole;
  }
}

async function searchOnce(
  { db, topK }: Options,
  { workspaceId, documentIds, scope, topK: limit = topK }: RetrievalRequest,
  { modelId, vector }: { modelId: number; vector: Float32Array },
): Promise<RetrievedPassage[]> {
  const hits = await searchByVector(db, { workspaceId, modelId, vector, limit, documentIds, scope });
  // One range for a passage and its chunk: the passage may begin before the chunk or end after it.
  const ranges = hits.map(({ versionId, start, end, chunk }) => ({
    versionId,
    start: Math.min(start, chunk.start),
    end: Math.max(end, chunk.end),
  }));
  const texts = await readTextRanges(db, workspaceId, ranges);
  return hits.map((hit, index) => {
    const from = ranges[index]?.start ?? 0;
    const text = texts[index] ?? '';
    const cut = ({ start, end }: { start: number; end: number }) => text.slice(start - from, end - from);
    return { ...hit, text: cut(hit), chunkText: cut(hit.chunk) };
  });
}
