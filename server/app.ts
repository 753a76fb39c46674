/** The composition root: what there is, how it hangs together and in which order it ends; answers in wiring/. */
import { randomUUID } from 'node:crypto';
import { openAccounts } from './accounts/accounts.ts';
import { loadSecretKey } from './accounts/signing-in/secret-key.ts';
import { hasAdmin } from './accounts/signing-in/sign-in-requirement.ts';
import { RunningSettings } from './administration/settings/running-settings.ts';
import type { Config } from './config.ts';
import { isLoopback } from './config-values.ts';
import { forWorkspace } from './database/isolation/for-workspace.ts';
import { warnOfUnembedded } from './documents/consistency/warn-of-unembedded.ts';
import { createUrlFetcher } from './documents/fetching/url-fetcher.ts';
import { DocumentFollower } from './documents/follow-documents.ts';
import { IngestionRunner } from './documents/ingestion/ingestion-runner.ts';
import type { OnIngestionStep } from './documents/ingestion/ingestion-steps.ts';
import { createDocumentReader } from './documents/reading/document-reader.ts';
import type { Embedder } from './embedding/embedder.ts';
import { OpenRequests } from './http/access/open-requests.ts';
import { createHttpServer } from './http/create-http-server.ts';
import { healthRoutes } from './http/health-routes.ts';
import { prepareToLeave } from './http/leave-port.ts';
import { metricsRoutes } from './http/operations/metrics-routes.ts';
import { sendLostPage } from './http/page-routes.ts';
import { reloadTls } from './http/tls.ts';
import type { Logger } from './logger.ts';
import { Metrics, type Siblings } from './observing/metrics.ts';
import type { Page } from './page/provide-page.ts';
import { type AwaitedAdmin, awaitAdmin, forgetSetUpLink, WAITING_HOST } from './wiring/await-admin.ts';
import { createAnswers } from './wiring/create-answers.ts';
import { createBackups } from './wiring/create-backups.ts';
import { createGauges } from './wiring/create-gauges.ts';
import { createLimits } from './wiring/create-limits.ts';
import { createRetrieval } from './wiring/create-retrieval.ts';
import { baseUrl, listenOn } from './wiring/listen-on.ts';
import { countDocuments } from './wiring/observe-parts.ts';
import { type OpenedParts, openParts } from './wiring/open-parts.ts';
import { openidOf } from './wiring/openid-of.ts';
import { registerRoutes } from './wiring/register-routes.ts';

/** A client that does not read what it asked for keeps nobody from stopping for longer. */
const CLOSE_PATIENCE_MS = 5_000;
const LOAD_GRAPH_AFTER_MS = 1_000;

export type App = {
  /** Starts serving. Returns the base URL. */
  listen(): Promise<string>;
  /** Lets running answers finish, saves what is under way and gives everything back. */
  close(): Promise<void>;
  /** A process of the same database with this owner's name has died: what it had in hand is free at once. */
  releaseDead(owner: string): Promise<void>;
  languageModel: string | null;
  /** Reads TLS_CERT and TLS_KEY again. */
  reloadCertificate(): Promise<void>;
  /** Where the first administrator is made, while the server waits for one before it listens publicly; else none. */
  readonly setUpLinks: string[];
  /** How long answers may go on while it closes; by the settings as they are at the moment. */
  readonly drainMs: number;
};

type Options = {
  logger: Logger;
  /** The embedded database ended by itself: the process can't go on. */
  onDatabaseLost: (error: Error) => void;
  /** Told of every point that an ingestion passes. */
  onIngestionStep?: OnIngestionStep;
  /** The web page to serve; without one there is only the API. */
  page?: Page;
  /** The name of this process on what it has leased. */
  owner?: string;
  /** Other processes listen on the same port: one that stops leaves it to them. */
  sharesPort?: boolean;
  /** Those on the same port. */
  siblings?: Siblings;
  /** Puts something around the embedding model, as a cache of vectors. */
  wrapEmbedder?: (embedder: Embedder) => Embedder;
  /** A bearer token that may do everything: the command line's, for a server that it starts for itself. */
  ownerToken?: string;
  /** What was opened while this was loaded; opened here when undefined. */
  parts?: Promise<OpenedParts>;
};

/**
 * Opens the database and the models and builds the server, which does not listen yet.
 *
 * @throws StartError when something that it needs is missing or wrong.
 */
export async function createApp(
  environment: Config,
  {
    logger,
    onDatabaseLost,
    onIngestionStep = () => {},
    page,
    owner = randomUUID(),
    sharesPort = false,
    siblings,
    wrapEmbedder = embedder => embedder,
    ownerToken,
    parts = openParts(environment, { logger, onDatabaseLost }),
  }: Options,
): Promise<App> {
  const { dataDir, tlsCert, tlsKey } = environment;
  const answersQuestions = environment.role !== 'worker';
  const ingestsDocuments = environment.role !== 'api';
  const { database, embedder: opened } = await parts;
  const embedder = wrapEmbedder(opened);
  const { db, backgroundDb } = database;
  const settings = new RunningSettings(environment, { database, logger });
  // From here on: what administrators have changed, as it is at the moment.
  const { config } = settings;
  await settings.start();
  const isPublic = !isLoopback(config.host);
  const accounts = await openAccounts({
    db,
    logger,
    secretKey: await loadSecretKey(config.secretKey, dataDir),
    isPublic,
    isShared: database.kind === 'native',
    publicUrl: config.publicUrl,
    openid: openidOf(config),
    ownerToken,
  });
  const openRequests = new OpenRequests(accounts, logger);

  const metrics = new Metrics(siblings);
  const reader = createDocumentReader({
    modelFolder: config.embeddingModelPath,
    chunkSize: config.chunkSize,
    chunkOverlap: config.chunkOverlap,
    get maxTextBytes() {
      return config.maxTextBytes;
    },
    // One more job is kept for small files.
    threads: config.ingestionConcurrency + 1,
    timeoutMs: 1000 * config.readingTimeoutSeconds,
    maxHeapMb: config.readingMemoryMb,
  });
  const ingestion = { db: backgroundDb, embedder, reader, onStep: countDocuments(metrics, onIngestionStep) };
  const runner = new IngestionRunner(ingestion, {
    logger,
    notices: database.notices,
    owner,
    concurrency: config.ingestionConcurrency,
  });
  const follower = new DocumentFollower(workspaceId => forWorkspace(db, workspaceId));
  const fetcher = createUrlFetcher({
    get maxBytes() {
      return Math.max(config.maxTextBytes, config.maxUploadBytes);
    },
    timeoutMs: 1000 * config.urlFetchTimeoutSeconds,
    allowedHosts: config.allowedUrlHosts,
    logger,
  });
  const retrieval = await createRetrieval(config, { database, embedder, metrics, logger });
  const { retriever, reranker, vectorMemory, loadPieces, keepVectorIndex } = retrieval;
  const answering = await createAnswers(config, {
    database,
    embedder,
    retriever,
    owner,
    metrics,
    logger,
  });
  const { models, ledger, indexer, titles, answers, loadGraph } = answering;
  const { limiter, limitAnswers, ...limits } = createLimits(config, { database, owner, logger });
  const { minSimilarity } = config;
  const backups = createBackups(config, database, { embedder, loadPieces, minSimilarity, logger });
  let endVectorIndex: (() => Promise<void>) | undefined;

  let draining = false;
  let preparing: Promise<void> | undefined;
  let loading: NodeJS.Timeout | undefined;
  const languageModel = models?.standard.name ?? null;
  const { server, refuseOtherMethods } = await createHttpServer({
    logger,
    metrics,
    ...config,
    overloadRequests: () => config.overloadRequests,
    limiter,
    db,
    accounts,
    openRequests,
    sendLost: page && answersQuestions ? sendLostPage(page) : undefined,
  });
  const leavePort = sharesPort ? prepareToLeave(server.server) : undefined;
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
  const gauges = createGauges({ database, answers, backups });
  metrics.serve(gauges);
  await server.register(metricsRoutes(metrics, gauges));
  if (answersQuestions)
    await registerRoutes(server, {
      settings,
      database,
      accounts,
      openRequests,
      embedder,
      runner,
      follower,
      fetcher,
      retrieval,
      answering,
      limitAnswers,
      backups,
      page,
    });
  refuseOtherMethods();

  let awaited: AwaitedAdmin | undefined;
  return {
    languageModel,
    async reloadCertificate() {
      if (tlsCert && tlsKey) await reloadTls(server, { certificate: tlsCert, key: tlsKey });
    },
    get setUpLinks() {
      return awaited?.links ?? [];
    },
    get drainMs() {
      return 1000 * config.drainSeconds;
    },
    async listen() {
      if (answersQuestions) {
        await answers.start();
        indexer.wake();
      }
      const isLoaded = embedder.state === 'loaded';
      if (answersQuestions && isLoaded)
        preparing = retriever
          .prepare(accounts.defaultWorkspaceId)
          .catch(error => logger.warn({ err: error }, 'the passages could not be read into memory'));
      if (ingestsDocuments && isLoaded) {
        runner.start();
        await warnOfUnembedded(db, embedder.modelName, logger);
        // Making it needs a session of its own.
        if (database.kind === 'native' && !database.isPooled) endVectorIndex = keepVectorIndex();
      }
      const isWaiting = isPublic && answersQuestions && !(await hasAdmin(db));
      const host = isWaiting ? WAITING_HOST : config.host;
      await listenOn(server, { host, port: config.port });
      if (answersQuestions) {
        void page?.prepare();
        // Its first visitors come before the first question, which then need not wait for it.
        loading = setTimeout(() => {
          loadGraph().catch(error => logger.error({ err: error }, 'what writes answers could not be loaded'));
        }, LOAD_GRAPH_AFTER_MS);
      }
      if (ingestsDocuments) backups.start();
      const url = baseUrl({ host, tlsCert }, server.server.address());
      if (isWaiting) awaited = await awaitAdmin({ ...config, db, logger, server, url });
      else if (answersQuestions) forgetSetUpLink(dataDir);
      if (!sharesPort) database.announce(url);
      return url;
    },
    async releaseDead(dead) {
      if (answersQuestions) await answers.releaseDead(dead);
      await runner.releaseDead(dead);
      await limits.releaseDead(dead);
    },
    async close() {
      clearTimeout(loading);
      await awaited?.close();
      await leavePort?.();
      draining = true;
      await answers.close(1000 * config.drainSeconds);
      await titles?.close();
      await backups.close();
      await indexer.close();
      await ledger.close();
      await limits.close();
      // Before the server: uploads that wait for their document are told that it goes on later.
      await runner.close();
      await endVectorIndex?.();
      await vectorMemory.close();
      await preparing;
      follower.close();
      const patience = setTimeout(() => server.server.closeAllConnections(), CLOSE_PATIENCE_MS);
      await server.close();
      clearTimeout(patience);
      await Promise.all([
        reader.close(),
        fetcher.close(),
        embedder.close(),
        reranker?.close(),
        models?.close(),
        page?.close(),
      ]);
      await settings.close();
      await database.close();
    },
  };
}
