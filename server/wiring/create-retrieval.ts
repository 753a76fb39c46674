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
  // What settings may change is asked of `config` for each question.
  const retriever = createRetriever({
    db,
    embedder,
    vectors: createVectorSearcher({ db, kind: database.kind }),
    vectorMemory,
    loadPieces,
    weights: defaultWeights,
    get reranking() {
      if (!reranker || !config.reranking) return undefined;
      const { rerankerCandidates: mostCandidates, rerankerTimeoutMs: timeoutMs } = config;
      return { reranker, mostCandidates, timeoutMs, logger };
    },
    get topK() {
      return config.topK;
    },
    get minSimilarity() {
      return config.minSimilarity;
    },
    get cacheSeconds() {
      return config.queryCacheSeconds;
    },
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
    /** The name of what sorts again now; undefined when nothing does. */
    rerankerInUse: () => (config.reranking ? reranker?.modelName : undefined),
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
