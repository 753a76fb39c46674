import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { LRUCache } from 'lru-cache';
import { type ActivityHour, type ActivityReport, activityReport } from '../../../contract/activity.ts';
import {
  type AnswerHour,
  countAnswerFailures,
  readAnswerHours,
} from '../../chat/accounting/answer-activity.ts';
import type { Db } from '../../database/open-database.ts';
import {
  countDocumentFailures,
  countJobs,
  type DocumentHour,
  readDocumentHours,
  readStorage,
} from '../../documents/document-activity.ts';

type Report = { report: Promise<ActivityReport>; at: number };

const HOUR_MS = 3_600_000;
const HOURS = 24;
const MOST_FAILURES = 10;
/** Many who look at the same time cost the database what one does. */
const FRESH_MS = 5_000;
const MOST_WORKSPACES = 1_000;

export function activityRoutes(): FastifyPluginAsyncZod {
  /** By workspace. */
  const latest = new LRUCache<number, Report>({ max: MOST_WORKSPACES });
  const readFresh = (db: Db, workspaceId: number) => {
    const now = Date.now();
    const known = latest.get(workspaceId);
    if (known && now - known.at <= FRESH_MS) return known.report;
    const report = readActivity(db, workspaceId, now);
    latest.set(workspaceId, { report, at: now });
    // Told to who asked; the next one tries again.
    report.catch(() => latest.delete(workspaceId));
    return report;
  };
  return async app => {
    app.get(
      '/api/activity/',
      {
        config: { permission: 'manage' },
        schema: {
          tags: ['operations'],
          summary: 'What went on in the last 24 hours, hour by hour, and what is stored',
          response: { 200: activityReport },
        },
      },
      ({ db, workspaceId }) => readFresh(db, workspaceId),
    );
  };
}

async function readActivity(db: Db, workspaceId: number, now: number): Promise<ActivityReport> {
  const first = (Math.floor(now / HOUR_MS) - HOURS + 1) * HOUR_MS;
  const from = new Date(first);
  const since = { from, limit: MOST_FAILURES };
  const [answers, documents, answerFailures, documentFailures, jobs, storage] = await Promise.all([
    readAnswerHours(db, workspaceId, from),
    readDocumentHours(db, workspaceId, from),
    countAnswerFailures(db, workspaceId, since),
    countDocumentFailures(db, workspaceId, since),
    countJobs(db, workspaceId),
    readStorage(db, workspaceId),
  ]);
  const answersAt = new Map(answers.map(row => [row.hour.getTime(), row]));
  const documentsAt = new Map(documents.map(row => [row.hour.getTime(), row]));
  const failures = [
    ...answerFailures.map(failure => ({ of: 'answer' as const, ...failure })),
    ...documentFailures.map(failure => ({ of: 'document' as const, ...failure })),
  ];
  return {
    hours: Array.from({ length: HOURS }, (_, index) => {
      const time = first + index * HOUR_MS;
      return toHour(new Date(time), answersAt.get(time), documentsAt.get(time));
    }),
    failures: failures.toSorted((one, other) => other.count - one.count).slice(0, MOST_FAILURES),
    jobs: {
      waiting: jobs.waiting,
      running: jobs.running,
      retried: jobs.retried,
      oldest_at: jobs.oldestAt?.toISOString() ?? null,
    },
    storage: {
      documents: storage.documents,
      passages: storage.passages,
      file_bytes: storage.fileBytes,
      database_bytes: storage.databaseBytes,
    },
  };
}

function toHour(hour: Date, answers?: AnswerHour, documents?: DocumentHour): ActivityHour {
  return {
    hour: hour.toISOString(),
    questions: answers?.questions ?? 0,
    answers: {
      answered: answers?.answered ?? 0,
      not_found: answers?.notFound ?? 0,
      stopped: answers?.stopped ?? 0,
      failed: answers?.failed ?? 0,
    },
    prompt_tokens: answers?.promptTokens ?? 0,
    completion_tokens: answers?.completionTokens ?? 0,
    first_content_ms: toPercentiles(answers?.firstContentP50, answers?.firstContentP95),
    documents: {
      ready: documents?.ready ?? 0,
      failed: documents?.failed ?? 0,
      in_work: documents?.inWork ?? 0,
    },
    passages: documents?.passages ?? 0,
    bytes: documents?.bytes ?? 0,
    processing_ms: toPercentiles(documents?.processingP50, documents?.processingP95),
  };
}

function toPercentiles(p50: number | null | undefined, p95: number | null | undefined) {
  return p50 == null || p95 == null ? null : { p50: Math.round(p50), p95: Math.round(p95) };
}
