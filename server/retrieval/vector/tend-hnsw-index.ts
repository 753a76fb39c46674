import { type RawBuilder, sql } from 'kysely';
import type { Db } from '../../database/open-database.ts';
import type { Logger } from '../../logger.ts';
import { halfEmbedding, hnswIndexName, hnswIndexPrefix, MOST_HNSW_DIMENSIONS } from './hnsw-index.ts';

type Options = {
  /** A native database: building an index blocks the embedded one's only session. */
  db: Db;
  logger: Logger;
  /** Name of the embedding model in use. */
  modelName: string;
  /** Vectors from which on an index is made; it goes when there are less than half as many. */
  fromVectors: number;
  /** Ends the making of an index, which then is made again another time. */
  signal?: AbortSignal;
};

type Model = { id: number; dimensions: number };

/** Any number, the same in every process: one makes indexes at a time. */
const INDEX_LOCK = 6_270_114;
/** What pgvector needs for a vector besides its numbers, which take two bytes each. */
const BYTES_OF_A_NODE = 600;
/** The graph is built in memory as far as it fits in: the server's share for maintenance, or up to this. */
const MOST_MEMORY_MB = 2_048;

/**
 * Makes the index of the model in use when there are enough vectors, drops the indexes of other models, and
 * makes an index again that a process was making when it ended. All of it concurrently: searches and
 * ingestions go on. Does nothing while another process is at it.
 *
 * @returns the names of the indexes made and dropped.
 */
export async function tendHnswIndex(options: Options): Promise<{ made: string[]; dropped: string[] }> {
  const { db, logger, modelName, fromVectors } = options;
  const done = { made: [] as string[], dropped: [] as string[] };
  // The lock belongs to the connection: everything is done on it. Trying, because whoever waits for a lock
  // would keep CREATE INDEX CONCURRENTLY waiting.
  await db.connection().execute(async one => {
    const { rows } = await sql<{ isOurs: boolean }>`
      SELECT pg_try_advisory_lock(${INDEX_LOCK}) AS "isOurs"`.execute(one);
    if (!rows[0]?.isOurs) return;
    try {
      const model = await one
        .selectFrom('embedding_models')
        .select(['id', 'dimensions'])
        .where('name', '=', modelName)
        .executeTakeFirst();
      const vectors = await countVectors(one);
      const wanted = model && model.dimensions <= MOST_HNSW_DIMENSIONS ? hnswIndexName(model.id) : undefined;
      const indexes = await readIndexes(one);
      const kept = indexes.find(
        ({ name, isValid }) => name === wanted && isValid && vectors >= fromVectors / 2,
      );
      for (const { name } of indexes.filter(index => index !== kept)) {
        await sql`DROP INDEX CONCURRENTLY IF EXISTS ${sql.id(name)}`.execute(one);
        logger.info({ index: name }, 'vector index dropped');
        done.dropped.push(name);
      }
      if (!model || !wanted || kept || vectors < fromVectors) return;
      await makeIndex(one, model, vectors, options);
      done.made.push(wanted);
    } finally {
      await sql`SELECT pg_advisory_unlock(${INDEX_LOCK})`.execute(one);
    }
  });
  return done;
}

async function countVectors(db: Db): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    SELECT coalesce(sum(passage_count), 0)::int AS count FROM document_versions
    WHERE state = 'ready' AND role = 'current'`.execute(db);
  return rows[0]?.count ?? 0;
}

/** One that is not valid was not finished. */
async function readIndexes(db: Db): Promise<{ name: string; isValid: boolean }[]> {
  const { rows } = await sql<{ name: string; isValid: boolean }>`
    SELECT relname AS name, indisvalid AS "isValid" FROM pg_index JOIN pg_class ON pg_class.oid = indexrelid
    WHERE indrelid = 'passage_embeddings'::regclass AND starts_with(relname, ${hnswIndexPrefix})`.execute(db);
  return rows;
}

async function makeIndex(one: Db, model: Model, vectors: number, options: Options): Promise<void> {
  const { logger } = options;
  const index = hnswIndexName(model.id);
  const startedAt = performance.now();
  logger.info({ index, vectors }, 'vector index begun');
  const memoryMb = Math.ceil((vectors * (2 * model.dimensions + BYTES_OF_A_NODE)) / 1e6);
  // One core: nobody waits for it, and parallel workers want shared memory that containers seldom have.
  await sql`SELECT set_config('max_parallel_maintenance_workers', '0', false), set_config('maintenance_work_mem',
    greatest(pg_size_bytes(current_setting('maintenance_work_mem')) / 1024,
      ${1024 * Math.min(MOST_MEMORY_MB, memoryMb)}::bigint)::text, false)`.execute(one);
  try {
    await runUntil(
      options,
      one,
      sql`CREATE INDEX CONCURRENTLY ${sql.id(index)} ON passage_embeddings
      USING hnsw (${halfEmbedding(model.dimensions)} halfvec_ip_ops) WHERE model_id = ${sql.lit(model.id)}`,
    );
  } finally {
    // The connection goes back to the pool.
    await sql`RESET max_parallel_maintenance_workers`.execute(one);
    await sql`RESET maintenance_work_mem`.execute(one);
  }
  logger.info({ index, vectors, elapsedMs: Math.round(performance.now() - startedAt) }, 'vector index made');
}

/** Runs a statement that may take minutes; the signal cancels it, from another connection. */
async function runUntil(
  { db, logger, signal }: Options,
  one: Db,
  statement: RawBuilder<unknown>,
): Promise<void> {
  const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(one);
  signal?.throwIfAborted();
  let cancelling: Promise<unknown> | undefined;
  const cancel = () => {
    cancelling = sql`SELECT pg_cancel_backend(${rows[0]?.pid}::int)`
      .execute(db)
      .catch(error => logger.warn({ err: error }, 'the making of the vector index could not be cancelled'));
  };
  signal?.addEventListener('abort', cancel);
  try {
    await statement.execute(one);
  } finally {
    signal?.removeEventListener('abort', cancel);
    await cancelling;
  }
}
