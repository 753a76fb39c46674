import { type Actor, audit } from '../../accounts/audit-log.ts';
import type { Job } from '../../administration/tables/jobs.ts';
import { forWorkspace } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import { cancelIngestion } from '../../documents/cancel-ingestion.ts';
import { reprocessDocument } from '../../documents/replace-document.ts';
import { NotFoundError, RequestError } from '../../errors.ts';

type Action = { jobs: Job[]; id: number; action: 'retry' | 'cancel'; by: Actor };

/**
 * Tries a failed job again, or ends one that waits or runs.
 *
 * @throws NotFoundError; RequestError invalid_request where it is not in the state for that.
 */
export async function actOnJob(wholeDb: Db, { jobs, id, action, by }: Action): Promise<void> {
  const job = jobs.find(one => one.id === id);
  if (!job) throw new NotFoundError('job');
  const { workspaceId, documentId } = job;
  const db = forWorkspace(wholeDb, workspaceId);
  const details = { job_id: id, document_id: documentId };
  if (action === 'retry') {
    if (job.state !== 'failed') throw new RequestError('invalid_request', 'It has not failed.');
    await reprocessDocument(db, workspaceId, documentId);
    await audit(wholeDb, by, { action: 'job-retried', workspaceId, details });
    return;
  }
  if (job.state === 'failed') throw new RequestError('invalid_request', 'It has ended already.');
  await cancelIngestion(db, workspaceId, documentId);
  await audit(wholeDb, by, { action: 'job-cancelled', workspaceId, details });
}
