/**
 * What a backup file is: lines of JSON, compressed with Zstandard (decision 0033). The first line is the header; then
 * every table is a line with its name and a line, a JSON string, for each row; the last line is the manifest.
 */
import { z } from 'zod';

const count = z.number().int().min(0);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const migration = z.object({ version: z.number().int(), name: z.string(), sha256 });

export const backupHeader = z.object({
  /** Of this format. */
  lectern_backup: z.literal(1),
  /** The version of the program that wrote it. */
  lectern: z.string(),
  created_at: z.iso.datetime(),
  database_kind: z.enum(['embedded', 'native']),
  /** Those that had been applied: a restore builds the same tables first. */
  migrations: z.array(migration).min(1),
  tables: z.array(z.object({ name: z.string(), columns: z.array(z.string()).min(1) })),
});
export type BackupHeader = z.infer<typeof backupHeader>;
export type AppliedMigration = z.infer<typeof migration>;

export const tableLine = z.object({ table: z.string() });

const tableSum = z.object({
  name: z.string(),
  rows: count,
  /** Of all rows as PostgreSQL writes them, each followed by a line feed, in the order of the primary key. */
  sha256,
});
export type TableSum = z.infer<typeof tableSum>;

const sampleAnswer = z.object({
  workspace_id: z.number().int(),
  question: z.string(),
  /** The best passages for it, best first. */
  passage_ids: z.array(z.number().int()),
});
export type SampleAnswer = z.infer<typeof sampleAnswer>;

const backupManifest = z.object({
  tables: z.array(tableSum),
  /** The last value that each sequence has given. */
  sequences: z.array(z.object({ name: z.string(), last_value: z.number().int(), is_called: z.boolean() })),
  /** Null when no embedding model was loaded: no question could be asked then. */
  embedding_model: z.string().nullable(),
  samples: z.array(sampleAnswer),
});
export type BackupManifest = z.infer<typeof backupManifest>;

export const manifestLine = z.object({ manifest: backupManifest });

/** The first bytes of Zstandard's frames (RFC 8878, 3.1.1). */
export const ZSTANDARD_MAGIC = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
