import { trustConditions } from '../database/isolation/for-workspace.ts';
import type { Db } from '../database/open-database.ts';
import type { Embedder } from '../embedding/embedder.ts';
import type { Logger } from '../logger.ts';
import { defaultWeights } from '../retrieval/fuse-scores.ts';
import { createRetriever } from '../retrieval/retriever.ts';
import { VectorMemory } from '../retrieval/vector/memory/vector-memory.ts';
import { createVectorSearcher } from '../retrieval/vector/nearest-passages.ts';
import type { SampleAnswer } from './backup-format.ts';
import type { SampleQuestion } from './sample-questions.ts';

const PASSAGES = 5;

export type SampleParts = {
  embedder: Embedder;
  /** The tokenizer of the embedding model, for the lexical index. */
  loadPieces: Parameters<typeof createRetriever>[0]['loadPieces'];
  minSimilarity: number;
  logger: Logger;
};

/**
 * The passages that the questions find in this database, by an exact comparison of all vectors: it depends on
 * nothing but the data. Empty when the model that is loaded has embedded nothing in it.
 *
 * @param db may be a transaction that only reads.
 */
export async function askSamples(
  db: Db,
  questions: SampleQuestion[],
  { embedder, loadPieces, minSimilarity, logger }: SampleParts,
): Promise<SampleAnswer[]> {
  if (embedder.state !== 'loaded' || !(await hasEmbedded(db, embedder))) return [];
  trustConditions(db);
  const retriever = createRetriever({
    db,
    embedder,
    vectors: createVectorSearcher({ db, kind: 'native', mostExact: Number.POSITIVE_INFINITY }),
    vectorMemory: new VectorMemory({ db, backgroundDb: db, logger, maxBytes: 0 }),
    loadPieces,
    weights: defaultWeights,
    reranking: undefined,
    topK: PASSAGES,
    minSimilarity,
    cacheSeconds: 0,
    lexicalMemoryBytes: 0,
  });
  const answers: SampleAnswer[] = [];
  for (const { workspaceId, question } of questions) {
    const { nearest } = await retriever.retrieve({
      workspaceId,
      question,
      documentIds: undefined,
      scope: {},
    });
    const passageIds = nearest.map(({ passageId }) => passageId);
    answers.push({ workspace_id: workspaceId, question, passage_ids: passageIds });
  }
  return answers;
}

async function hasEmbedded(db: Db, { modelName, dimensions }: Embedder): Promise<boolean> {
  const model = await db
    .selectFrom('embedding_models')
    .select('dimensions')
    .where('name', '=', modelName)
    .executeTakeFirst();
  return model !== undefined && (dimensions === undefined || dimensions === model.dimensions);
}
