import type { DoctorReport } from '../../../contract/doctor.ts';
import type { Db } from '../../database/open-database.ts';
import { contentChecks } from './content-checks.ts';
import { embeddingChecks } from './embedding-checks.ts';
import { isolationChecks } from './isolation-checks.ts';
import { lexicalChecks } from './lexical-checks.ts';
import { workChecks } from './work-checks.ts';

/** Findings of a check that the report tells one by one. */
const MOST_TOLD = 20;

type Options = {
  /** Of the embedding model in use; undefined when none is loaded. */
  modelName: string | undefined;
  repair: boolean;
};

/** Looks through the whole database for what should not be, and repairs it where that is wanted and possible. */
export async function checkConsistency(db: Db, { modelName, repair }: Options): Promise<DoctorReport> {
  const report: DoctorReport = { healthy: true, checks: [] };
  const modelChecks = modelName === undefined ? [] : embeddingChecks(modelName);
  for (const check of [
    ...isolationChecks,
    ...workChecks,
    ...contentChecks,
    ...lexicalChecks,
    ...modelChecks,
  ]) {
    const findings = await check.find(db);
    let repaired = 0;
    if (repair && check.repair)
      for (const finding of findings) {
        await check.repair(db, finding);
        repaired += 1;
      }
    report.healthy &&= repaired === findings.length;
    report.checks.push({
      name: check.name,
      meaning: check.meaning,
      found: findings.length,
      findings: findings
        .slice(0, MOST_TOLD)
        .map(({ documentId, detail }) => ({ document_id: documentId, detail })),
      repaired,
    });
  }
  return report;
}
