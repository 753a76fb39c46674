/** The named points of an ingestion, in their order; batches pass theirs many times. */
export const ingestionSteps = [
  'job-leased',
  'file-read',
  'document-parsed',
  'old-plan-removed',
  'text-saved',
  'chunks-saved',
  'passages-saved',
  'plan-saved',
  'batch-embedded',
  'batch-saved',
  'all-embedded',
  'document-publishing',
  'document-published',
  'past-version-purged',
] as const;

export type IngestionStep = (typeof ingestionSteps)[number];

/** Told of every point that is passed: tests end the process there. */
export type OnIngestionStep = (step: IngestionStep) => void;
