import { LRUCache } from 'lru-cache';
import { readTextRanges } from '../database/document-text.ts';
import { embeddingModelId } from '../database/embedding-model-id.ts';
import type { Db } from '../database/open-database.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { type PassageHit, searchByVector } from './vector-search.ts';

export type RetrievalRequest = {
  workspaceId: number;
  question: string;
  /** Only these documents; all when undefined. */
  documentIds: number[] | undefined;
};

/** A found passage with its text and its chunk's: each is `text.slice(start, end)` of the document. */
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

/** A retrieval holds a few kilobytes of text. */
const MOST_CACHED = 500;

/** Finds the passages that may answer a question. */
export function createRetriever(options: Options): Retriever {
  const cache =
    options.cacheSeconds > 0
      ? new LRUCache<string, Retrieval>({ max: MOST_CACHED, ttl: options.cacheSeconds * 1000 })
      : undefined;
  return {
    async retrieve(request) {
      // The version is part of the key: what was found before a document came or went is not found again.
      const { version, documents } = await readIndexState(options.db, request);
      const key = JSON.stringify([request.workspaceId, version, request.documentIds, request.question]);
      const known = cache?.get(key);
      if (known) return { ...known, cached: true };
      const retrieval = { ...(await search(options, request)), searchedDocuments: documents, cached: false };
      cache?.set(key, retrieval);
      return retrieval;
    },
  };
}

async function readIndexState(
  db: Db,
  { workspaceId, documentIds }: RetrievalRequest,
): Promise<{ version: number; documents: number }> {
  return db
    .selectFrom('index_versions')
    .select(row => [
      'version',
      row
        .selectFrom('documents')
        .select(count => count.fn.countAll<number>().as('count'))
        .where('workspace_id', '=', workspaceId)
        .where('state', '=', 'ready')
        .$if(documentIds !== undefined, scoped => scoped.where('id', 'in', documentIds ?? []))
        .$asScalar()
        .$notNull()
        .as('documents'),
    ])
    .where('workspace_id', '=', workspaceId)
    .executeTakeFirstOrThrow();
}

async function search(
  { db, embedder, topK, minSimilarity }: Options,
  { workspaceId, question, documentIds }: RetrievalRequest,
): Promise<Pick<Retrieval, 'passages' | 'nearest' | 'questionEmbedding'>> {
  const questionEmbedding = await embedder.embedQuestion(question);
  const modelId = await embeddingModelId(db, embedder.modelName, questionEmbedding.length);
  const hits = await searchByVector(db, {
    workspaceId,
    modelId,
    vector: questionEmbedding,
    limit: topK,
    documentIds,
  });
  const texts = await readTextRanges(
    db,
    workspaceId,
    hits.flatMap(({ documentId, start, end, chunk }) => [
      { documentId, start, end },
      { documentId, start: chunk.start, end: chunk.end },
    ]),
  );
  const nearest = hits.map((hit, index) => ({
    ...hit,
    text: texts[2 * index] ?? '',
    chunkText: texts[2 * index + 1] ?? '',
  }));
  const passages = nearest.filter(({ similarity }) => similarity >= minSimilarity);
  return { passages, nearest, questionEmbedding };
}
