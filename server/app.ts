/** The composition root: all wiring is visible here. */
import type { AddressInfo } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { AnswerRunner } from './chat/answer-runner.ts';
import { createQuotesWriter } from './chat/write-quotes.ts';
import { createModelWriter } from './chat/write-with-model.ts';
import type { Config } from './config.ts';
import { openDatabase } from './database/open-database.ts';
import { warnOfUnembedded } from './documents/consistency/warn-of-unembedded.ts';
import { createUrlFetcher } from './documents/fetching/url-fetcher.ts';
import { DocumentFollower } from './documents/follow-documents.ts';
import { IngestionRunner } from './documents/ingestion/ingestion-runner.ts';
import type { OnIngestionStep } from './documents/ingestion/ingestion-steps.ts';
import { createDocumentReader } from './documents/reading/document-reader.ts';
import type { Embedder } from './embedding/embedder.ts';
import { createOnnxEmbedder } from './embedding/onnx-embedder.ts';
import { createOpenAICompatibleEmbedder } from './embedding/openai-compatible-embedder.ts';
import { createSkippedEmbedder } from './embedding/skipped-embedder.ts';
import { StartError } from './errors.ts';
import { chatRoutes } from './http/chat-routes.ts';
import { doctorRoutes } from './http/doctor-routes.ts';
import { documentEventRoutes } from './http/documents/document-event-routes.ts';
import { documentRoutes } from './http/documents/document-routes.ts';
import { documentUploadRoutes } from './http/documents/document-upload-routes.ts';
import { documentWorkRoutes } from './http/documents/document-work-routes.ts';
import { healthRoutes } from './http/health-routes.ts';
import { searchRoutes } from './http/search-routes.ts';
import { sessionRoutes } from './http/session-routes.ts';
import { startPage } from './http/start-page.ts';
import type { LanguageModel } from './language-model/language-model.ts';
import { createOpenAICompatibleModel } from './language-model/openai-compatible.ts';
import type { Logger } from './logger.ts';
import { createRetriever } from './retrieval/retriever.ts';
import { loadSecretKey } from './secret-key.ts';

/** A client that does not read what it asked for keeps nobody from stopping for longer. */
const CLOSE_PATIENCE_MS = 5_000;

export type App = {
  /** Starts serving. Returns the base URL. */
  listen(): Promise<string>;
  /** Lets running answers finish, saves what is under way and gives everything back. */
  close(): Promise<void>;
  languageModel: string | null;
};

type Options = {
  logger: Logger;
  /** The embedded database ended by itself: the process can't go on. */
  onDatabaseLost: (error: Error) => void;
  /** Told of every point that an ingestion passes. */
  onIngestionStep?: OnIngestionStep;
};

/**
 * Opens the database and the models and builds the server, which does not listen yet.
 *
 * @throws StartError when something that it needs is missing or wrong.
 */
export async function createApp(
  config: Config,
  { logger, onDatabaseLost, onIngestionStep = () => {} }: Options,
): Promise<App> {
  const { dataDir, databaseUrl } = config;
  // The database and the model start in threads of their own; LangGraph and Fastify are loaded meanwhile.
  const [[database, embedder], { createAnswerGraph }, { createHttpServer }] = await Promise.all([
    openBoth(openDatabase({ databaseUrl, dataDir, logger, onLost: onDatabaseLost }), createEmbedder(config)),
    import('./chat/answer-graph.ts'),
    import('./http/create-http-server.ts'),
  ]);
  await loadSecretKey(config.secretKey, dataDir);
  const { db, backgroundDb } = database;
  const { id: workspaceId } = await db
    .selectFrom('workspaces')
    .select('id')
    .orderBy('id')
    .executeTakeFirstOrThrow();

  const { maxTextBytes, maxUploadBytes, maxStoredBytes } = config;
  const reader = createDocumentReader({
    modelFolder: config.embeddingModelPath,
    chunkSize: config.chunkSize,
    chunkOverlap: config.chunkOverlap,
    maxTextBytes,
    // One more job is kept for small files.
    threads: config.ingestionConcurrency + 1,
    timeoutMs: 1000 * config.readingTimeoutSeconds,
    maxHeapMb: config.readingMemoryMb,
  });
  const ingestion = { db: backgroundDb, embedder, reader, onStep: onIngestionStep };
  const runner = new IngestionRunner(ingestion, { logger, concurrency: config.ingestionConcurrency });
  const follower = new DocumentFollower(db, workspaceId);
  const fetcher = createUrlFetcher({
    maxBytes: Math.max(maxTextBytes, maxUploadBytes),
    timeoutMs: 1000 * config.urlFetchTimeoutSeconds,
    allowedHosts: config.allowedUrlHosts,
    logger,
  });
  const retriever = createRetriever({
    db,
    embedder,
    topK: config.topK,
    minSimilarity: config.minSimilarity,
    cacheSeconds: config.queryCacheSeconds,
  });
  const model = createLanguageModel(config, logger);
  const writer = model ? createModelWriter(model) : createQuotesWriter(embedder);
  const graph = createAnswerGraph({ db, retriever, budget: config, writer });
  const answers = new AnswerRunner({ db, graph, budget: config, writerName: writer.name, logger });

  let draining = false;
  const languageModel = model?.name ?? null;
  const { server, refuseOtherMethods } = await createHttpServer({ logger, ...config });
  await server.register(
    healthRoutes({
      db,
      databaseKind: database.kind,
      embedder,
      groqConfigured: config.groqApiKey !== undefined,
      languageModel,
      isDraining: () => draining,
    }),
  );
  await server.register(sessionRoutes({ db, workspaceId }));
  await server.register(documentRoutes({ db, workspaceId }));
  await server.register(documentEventRoutes({ db, workspaceId, follower }));
  await server.register(documentWorkRoutes({ db, workspaceId, runner }));
  await server.register(
    documentUploadRoutes({
      db,
      workspaceId,
      runner,
      embedder,
      fetcher,
      limits: { maxTextBytes, maxUploadBytes, maxStoredBytes },
      uploadWaitMs: 1000 * config.uploadWaitSeconds,
    }),
  );
  await server.register(searchRoutes({ workspaceId, retriever }));
  await server.register(doctorRoutes({ db, embedder, runner }));
  await server.register(chatRoutes({ workspaceId, answers, embedder }));
  await server.register(
    startPage({ databaseKind: database.kind, embeddingModel: embedder.modelName, languageModel }),
  );
  refuseOtherMethods();

  return {
    languageModel,
    async listen() {
      await answers.start();
      if (embedder.state === 'loaded') {
        runner.start();
        await warnOfUnembedded(db, embedder.modelName, logger);
      }
      await listenOn(server, config);
      const url = baseUrl(config.host, server.server.address());
      database.announce(url);
      return url;
    },
    async close() {
      draining = true;
      await answers.close(1000 * config.drainSeconds);
      // Before the server: uploads that wait for their document are told that it goes on later.
      await runner.close();
      follower.close();
      const patience = setTimeout(() => server.server.closeAllConnections(), CLOSE_PATIENCE_MS);
      await server.close();
      clearTimeout(patience);
      await Promise.all([reader.close(), fetcher.close(), embedder.close(), model?.close()]);
      await database.close();
    },
  };
}

/** @throws StartError when the address can't be had. */
async function listenOn(server: FastifyInstance, { host, port }: Config): Promise<void> {
  try {
    await server.listen({ host, port, listenTextResolver: address => `listening on ${address}` });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new StartError(
        `Port ${port} of ${host} is in use by another program. Stop it, or set PORT to another.`,
      );
    if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
      throw new StartError(`Lectern can't listen on port ${port} of ${host} (${code}). Set HOST and PORT.`);
    throw error;
  }
}

/** Both, or neither: when one fails the other is closed again. */
async function openBoth<A extends { close(): Promise<void> }, B extends { close(): Promise<void> }>(
  first: Promise<A>,
  second: Promise<B>,
): Promise<[A, B]> {
  try {
    return await Promise.all([first, second]);
  } catch (error) {
    const opened = await Promise.allSettled([first, second]);
    for (const one of opened) if (one.status === 'fulfilled') await one.value.close();
    throw error;
  }
}

async function createEmbedder(config: Config): Promise<Embedder> {
  if (config.skipModelLoading) return createSkippedEmbedder();
  if (config.embeddingBaseUrl !== undefined)
    return createOpenAICompatibleEmbedder({
      baseUrl: config.embeddingBaseUrl,
      model: config.embeddingModel ?? '',
      apiKey: config.embeddingApiKey,
      dimensions: config.embeddingDimensions,
    });
  return createOnnxEmbedder({ modelFolder: config.embeddingModelPath, workers: config.embeddingWorkers });
}

/** The model at LLM_BASE_URL, else Groq, else none: then answers are quotes. */
function createLanguageModel(config: Config, logger: Logger): LanguageModel | undefined {
  const timeouts = {
    connectMs: 1000 * config.llmConnectTimeoutSeconds,
    firstTokenMs: 1000 * config.llmFirstTokenTimeoutSeconds,
    silenceMs: 1000 * config.llmSilenceTimeoutSeconds,
  };
  const { llmBaseUrl, llmApiKey, llmModel, groqBaseUrl, groqApiKey, groqModel } = config;
  if (llmBaseUrl !== undefined && llmModel !== undefined)
    return createOpenAICompatibleModel({
      baseUrl: llmBaseUrl,
      apiKey: llmApiKey,
      model: llmModel,
      timeouts,
      logger,
    });
  if (groqApiKey !== undefined)
    return createOpenAICompatibleModel({
      baseUrl: groqBaseUrl,
      apiKey: groqApiKey,
      model: groqModel,
      timeouts,
      logger,
    });
  return undefined;
}

function baseUrl(host: string, address: AddressInfo | string | null): string {
  const port = typeof address === 'object' && address ? address.port : 0;
  const everywhere = host === '0.0.0.0' || host === '::';
  const name = everywhere ? '127.0.0.1' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
