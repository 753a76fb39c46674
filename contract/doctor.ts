import { z } from 'zod';
import { id } from './scalars.ts';

const checkNames = [
  'unisolated_tables',
  'missing_workspace_role',
  'abandoned_uploads',
  'past_versions',
  'failed_leftovers',
  'documents_without_version',
  'versions_without_job',
  'jobs_without_work',
  'stuck_leases',
  'incomplete_files',
  'incomplete_texts',
  'incomplete_passages',
  'leftover_runs',
  'unindexed_words',
  'incomplete_postings',
  'leftover_postings',
  'foreign_embeddings',
  'missing_embeddings',
  'outdated_embeddings',
] as const;
export type CheckName = (typeof checkNames)[number];

const finding = z.object({
  document_id: id.nullable().describe('Null for what belongs to no document.'),
  detail: z.string(),
});

export const doctorReport = z
  .object({
    healthy: z.boolean().describe('Nothing is wrong, or no longer.'),
    checks: z.array(
      z.object({
        name: z.enum(checkNames),
        meaning: z.string().describe('What a finding means and what repairing does.'),
        found: z.number().int(),
        findings: z.array(finding).describe('The first of them.'),
        repaired: z.number().int(),
      }),
    ),
  })
  .meta({ id: 'DoctorReport' });
export type DoctorReport = z.infer<typeof doctorReport>;

export const doctorRequest = z.strictObject({ repair: z.boolean().default(false) });
