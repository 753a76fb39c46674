import { type RawBuilder, sql } from 'kysely';
import type { CheckName } from '../../../contract/doctor.ts';
import type { Db } from '../../database/open-database.ts';
import { requeueVersion } from '../requeue-version.ts';

/** Something that should not be. */
export type Finding = {
  workspaceId: number;
  documentId: number | null;
  /** The row that it is about: a version's, a file's or a job's id. */
  id: number;
  detail: string;
};

export type Check = {
  name: CheckName;
  /** What a finding means and what repairing does. */
  meaning: string;
  find(db: Db): Promise<Finding[]>;
  /** Undefined where only people can help. */
  repair: ((db: Db, finding: Finding) => Promise<void>) | undefined;
};

/** One run looks at so many; the next one goes on. */
const MOST_FINDINGS = 10_000;

/** @param query selects workspace_id, document_id, id and detail. */
export async function findRows(db: Db, query: RawBuilder<unknown>): Promise<Finding[]> {
  const { rows } = await sql<{
    workspace_id: number;
    document_id: number | null;
    id: number;
    detail: string;
  }>`SELECT * FROM (${query}) AS finding ORDER BY document_id NULLS FIRST, id LIMIT ${MOST_FINDINGS}`.execute(
    db,
  );
  return rows.map(({ workspace_id, document_id, id, detail }) => ({
    workspaceId: workspace_id,
    documentId: document_id,
    id,
    detail,
  }));
}

/** Reads the file again; the document is not found until that is done. */
export const readAgain = (db: Db, { workspaceId, documentId, id }: Finding) =>
  db
    .transaction()
    .execute(trx => requeueVersion(trx, workspaceId, { versionId: id, documentId: documentId ?? 0 }));
