/** What finds passages: the retriever with the vectors that it keeps in memory, and the reranker. */
import type { Config } from '../config.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import type { Embedder } from '../embedding/embedder.ts';
import { loadWordPieceTokenizer } from '../embedding/word-piece-tokenizer.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../observing/metrics.ts';
import { createReranker } from '../reranking/create-reranker.ts';
import { defaultWeights } from '../retrieval/fuse-scores.ts';
import { createRetriever } from '../retrieval/retriever.ts';
import { keepHnswIndex } from '../retrieval/vector/keep-hnsw-index.ts';
import { VectorMemory } from '../retrieval/vector/memory/vector-memory.ts';
import { createVectorSearcher } from '../retrieval/vector/nearest-passages.ts';
import { observeRetriever } from './observe-parts.ts';

type Parts = { database: OpenDatabase; embedder: Embedder; metrics: Metrics; logger: Logger };

/** @throws StartError when the reranker's model can't be loaded. */
export async function createRetrieval(config: Config, { database, embedder, metrics, logger }: Parts) {
  const { db, backgroundDb } = database;
  const reranker = await createReranker(config, loadWordPieceTokenizer);
  const vectorMemory = new VectorMemory({
    db,
    backgroundDb,
    logger,
    maxBytes: 1e6 * config.vectorMemoryMb,
  });
  const loadPieces = once(async () => (await loadWordPieceTokenizer(config.embeddingModelPath)).ids);
  const retriever = createRetriever({
    db,
    embedder,
    vectors: createVectorSearcher({ db, kind: database.kind }),
    vectorMemory,
    loadPieces,
    weights: defaultWeights,
    reranking: reranker && {
      reranker,
      mostCandidates: config.rerankerCandidates,
      timeoutMs: config.rerankerTimeoutMs,
      logger,
    },
    topK: config.topK,
    minSimilarity: config.minSimilarity,
    cacheSeconds: config.queryCacheSeconds,
    lexicalMemoryBytes: 1e6 * config.lexicalMemoryMb,
  });
  /** Keeps the index of a native database's vectors until the function that it returns is called. */
  const keepVectorIndex = () =>
    keepHnswIndex({
      db: backgroundDb,
      logger,
      modelName: embedder.modelName,
      fromVectors: config.vectorIndexFrom,
    });
  return {
    retriever: observeRetriever(retriever, metrics),
    reranker,
    vectorMemory,
    loadPieces,
    keepVectorIndex,
  };
}

function once<Result>(make: () => Promise<Result>): () => Promise<Result> {
  let made: Promise<Result> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
