/** The routes of a process that answers people, all but those that say how it is. */
import type { FastifyInstance } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import type { RunningSettings } from '../administration/settings/running-settings.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import type { UrlFetcher } from '../documents/fetching/url-fetcher.ts';
import type { DocumentFollower } from '../documents/follow-documents.ts';
import type { IngestionRunner } from '../documents/ingestion/ingestion-runner.ts';
import type { Embedder } from '../embedding/embedder.ts';
import type { OpenRequests } from '../http/access/open-requests.ts';
import { accountRoutes } from '../http/accounts/account-routes.ts';
import { authRoutes } from '../http/accounts/auth-routes.ts';
import { keyRoutes } from '../http/accounts/key-routes.ts';
import { linkRoutes } from '../http/accounts/link-routes.ts';
import { openidRoutes } from '../http/accounts/openid-routes.ts';
import { userRoutes } from '../http/accounts/user-routes.ts';
import { workspaceRoutes } from '../http/accounts/workspace-routes.ts';
import { chatAccessRoutes, chatInspectionRoutes } from '../http/administration/chat-inspection-routes.ts';
import { serverBulkRoutes } from '../http/administration/server-bulk-routes.ts';
import { serverSettingsRoutes } from '../http/administration/server-settings-routes.ts';
import { serverTableRoutes } from '../http/administration/server-tables.ts';
import { workspaceBulkRoutes } from '../http/administration/workspace-bulk-routes.ts';
import { workspaceTableRoutes } from '../http/administration/workspace-tables.ts';
import { answerRoutes } from '../http/chat/answer-routes.ts';
import { chatRoutes } from '../http/chat/chat-routes.ts';
import { doctorRoutes } from '../http/doctor-routes.ts';
import { documentEventRoutes } from '../http/documents/document-event-routes.ts';
import { documentRoutes } from '../http/documents/document-routes.ts';
import { documentUploadRoutes } from '../http/documents/document-upload-routes.ts';
import { documentWorkRoutes } from '../http/documents/document-work-routes.ts';
import { evaluationRoutes } from '../http/evaluation-routes.ts';
import { messageRoutes } from '../http/message-routes.ts';
import { backupRoutes } from '../http/operations/backup-routes.ts';
import { pageRoutes } from '../http/page-routes.ts';
import { searchRoutes } from '../http/search-routes.ts';
import { branchRoutes } from '../http/sessions/branch-routes.ts';
import { feedbackRoutes } from '../http/sessions/feedback-routes.ts';
import { sessionExportRoutes } from '../http/sessions/session-export-routes.ts';
import { sessionRoutes } from '../http/sessions/session-routes.ts';
import { activityRoutes } from '../http/settings/activity-routes.ts';
import { settingsRoutes } from '../http/settings/settings-routes.ts';
import { usageRoutes } from '../http/settings/usage-routes.ts';
import type { Page } from '../page/provide-page.ts';
import type { createAnswers } from './create-answers.ts';
import type { createBackups } from './create-backups.ts';
import type { createLimits } from './create-limits.ts';
import type { createRetrieval } from './create-retrieval.ts';

type Parts = {
  settings: RunningSettings;
  database: OpenDatabase;
  accounts: Accounts;
  openRequests: OpenRequests;
  embedder: Embedder;
  runner: IngestionRunner;
  follower: DocumentFollower;
  fetcher: UrlFetcher;
  retrieval: Awaited<ReturnType<typeof createRetrieval>>;
  answering: Awaited<ReturnType<typeof createAnswers>>;
  limitAnswers: ReturnType<typeof createLimits>['limitAnswers'];
  backups: ReturnType<typeof createBackups>;
  page: Page | undefined;
};

export async function registerRoutes(server: FastifyInstance, parts: Parts): Promise<void> {
  await registerDocumentRoutes(server, parts);
  await registerChatRoutes(server, parts);
  await registerOperationRoutes(server, parts);
  await registerAccountRoutes(server, parts);
  await registerAdministrationRoutes(server, parts);
  if (parts.page) await server.register(pageRoutes(parts.page));
}

async function registerDocumentRoutes(
  server: FastifyInstance,
  { settings: { config }, runner, follower, embedder, fetcher, retrieval }: Parts,
): Promise<void> {
  await server.register(documentRoutes({ runner }));
  await server.register(documentEventRoutes({ follower }));
  await server.register(documentWorkRoutes({ runner }));
  await server.register(
    documentUploadRoutes({
      runner,
      embedder,
      fetcher,
      limits: config,
      uploadWaitMs: () => 1000 * config.uploadWaitSeconds,
    }),
  );
  await server.register(searchRoutes({ retriever: retrieval.retriever }));
  await server.register(evaluationRoutes());
}

async function registerChatRoutes(
  server: FastifyInstance,
  { settings: { config }, answering: { answers, indexer }, limitAnswers, embedder }: Parts,
): Promise<void> {
  const keepAliveMs = 1000 * config.keepAliveSeconds;
  await server.register(sessionRoutes({ indexer, answers }));
  await server.register(sessionExportRoutes());
  await server.register(feedbackRoutes());
  await server.register(messageRoutes());
  await server.register(answerRoutes({ answers, keepAliveMs }));
  await server.register(chatRoutes({ answers, limitAnswers, embedder, keepAliveMs }));
  await server.register(branchRoutes({ answers, limitAnswers, embedder, keepAliveMs }));
}

async function registerOperationRoutes(
  server: FastifyInstance,
  { settings: { config }, database, answering, retrieval, embedder, runner, backups }: Parts,
): Promise<void> {
  const { models, prices, ledger } = answering;
  await server.register(doctorRoutes({ db: database.backgroundDb, embedder, runner }));
  await server.register(backupRoutes({ desk: backups.desk }));
  await server.register(
    settingsRoutes({ config, models, prices, embedder, reranker: retrieval.rerankerInUse }),
  );
  await server.register(activityRoutes({ wholeDb: database.db }));
  await server.register(usageRoutes({ ledger, budget: () => config.dailyTokenBudget }));
}

/** The routes of who uses the server. */
async function registerAccountRoutes(
  server: FastifyInstance,
  { settings: { config }, database: { db }, accounts, openRequests }: Parts,
): Promise<void> {
  const parts = { db, accounts, openRequests, publicUrl: config.publicUrl };
  await server.register(authRoutes(parts));
  await server.register(openidRoutes(parts));
  await server.register(linkRoutes(parts));
  await server.register(accountRoutes(parts));
  await server.register(workspaceRoutes(parts));
  await server.register(keyRoutes(parts));
  await server.register(userRoutes(parts));
}

/** Tables, bulk actions and settings, for owners of workspaces and administrators of the server. */
async function registerAdministrationRoutes(
  server: FastifyInstance,
  { database: { db }, openRequests, runner, settings }: Parts,
): Promise<void> {
  const parts = { db, openRequests, runner };
  await server.register(serverSettingsRoutes({ db, settings }));
  await server.register(serverTableRoutes(parts));
  await server.register(serverBulkRoutes(parts));
  await server.register(workspaceTableRoutes(parts));
  await server.register(workspaceBulkRoutes(parts));
  await server.register(chatAccessRoutes(parts));
  await server.register(chatInspectionRoutes(parts));
}
