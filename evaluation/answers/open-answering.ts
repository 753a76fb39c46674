import { ApiClient } from '../../cli/api-client.ts';
import type { Config } from '../../server/config.ts';
import { type OpenDatabase, openDatabase } from '../../server/database/open-database.ts';
import type { Embedder } from '../../server/embedding/embedder.ts';
import { loadWordPieceTokenizer } from '../../server/embedding/word-piece-tokenizer.ts';
import type { Logger } from '../../server/logger.ts';
import { defaultWeights } from '../../server/retrieval/fuse-scores.ts';
import { createRetriever, type Retriever } from '../../server/retrieval/retriever.ts';
import { VectorMemory } from '../../server/retrieval/vector/memory/vector-memory.ts';
import { createVectorSearcher } from '../../server/retrieval/vector/nearest-passages.ts';
import { createEmbedder } from '../../server/wiring/create-embedder.ts';
import type { DataSet } from '../data-sets/data-set.ts';
import { withVectorCache } from '../measuring/cached-embedder.ts';
import { type DocumentIds, ingestSet } from '../measuring/ingest-set.ts';
import { type MeasuringFolder, openMeasuringApp } from '../measuring/open-measuring-app.ts';

type Options = {
  config: Config;
  logger: Logger;
  onDatabaseLost: (error: Error) => void;
  folder: MeasuringFolder;
  fresh: boolean;
  signal: AbortSignal;
  onIngested: (done: number) => void;
};

/** What an answer is found with, on the documents of a set. */
export type Answering = {
  workspaceId: number;
  retriever: Retriever;
  embedder: Embedder;
  /** The set's names of the documents. */
  ids: DocumentIds;
  close(): Promise<void>;
};

/** Ingests the set through the real app, then opens what the app answers with on the same data. */
export async function openAnswering(set: DataSet, options: Options): Promise<Answering> {
  const { config, logger, folder, signal, onDatabaseLost, onIngested } = options;
  const app = await openMeasuringApp(set, options);
  let ids: DocumentIds;
  try {
    ids = await ingestSet(new ApiClient(app, signal), set, { signal, onProgress: onIngested });
  } finally {
    await app.close();
  }
  const { dataDir } = app;
  const database = await openDatabase({ databaseUrl: undefined, dataDir, logger, onLost: onDatabaseLost });
  const embedder = withVectorCache(await createEmbedder(config), folder.cache);
  return { ids, embedder, ...(await openRetriever(database, embedder, options)), close };

  async function close() {
    await embedder.close();
    await database.close();
  }
}

async function openRetriever(
  { db, backgroundDb, kind }: OpenDatabase,
  embedder: Embedder,
  { config, logger }: Pick<Options, 'config' | 'logger'>,
) {
  const workspace = await db.selectFrom('workspaces').select('id').orderBy('id').executeTakeFirstOrThrow();
  const { ids: pieces } = await loadWordPieceTokenizer(config.embeddingModelPath);
  const retriever = createRetriever({
    db,
    embedder,
    vectors: createVectorSearcher({ db, kind }),
    vectorMemory: new VectorMemory({ db, backgroundDb, logger, maxBytes: 1e6 * config.vectorMemoryMb }),
    loadPieces: async () => pieces,
    weights: defaultWeights,
    reranking: undefined,
    topK: config.topK,
    minSimilarity: config.minSimilarity,
    cacheSeconds: 0,
    lexicalMemoryBytes: 1e6 * config.lexicalMemoryMb,
  });
  return { workspaceId: workspace.id, retriever };
}
