import { type Kysely, sql, type Transaction } from 'kysely';
import { checkServer } from '../../database/check-server.ts';
import { applyMigrations } from '../../database/migrate.ts';
import { readMigrations } from '../../database/migrations/read-migrations.ts';
import type { Db } from '../../database/open-database.ts';
import type { Schema } from '../../database/schema.ts';
import { askSamples, type SampleParts } from '../ask-samples.ts';
import type { BackupHeader, BackupManifest } from '../backup-format.ts';
import type { BackupContent } from '../read-backup.ts';
import { fixTextForms } from '../read-rows.ts';
import { dropLectern } from './drop-lectern.ts';
import { loadTables } from './load-tables.ts';
import { RestoreError } from './restore-error.ts';

export type RestoreReport = {
  rows: number;
  tables: number;
  /** Sample questions that found the same passages as when the backup was made. */
  questions: number;
};

type Options = {
  path: string;
  /** Of the file, checked. */
  content: BackupContent;
  /** Asks the backup's sample questions; undefined: they are not asked. */
  samples: SampleParts | undefined;
  onProgress: (rows: number, allRows: number) => void;
};

/**
 * Puts a backup into a database in place of what Lectern has there, in one transaction: all of it, compared with the
 * manifest, or nothing. Then brings the tables up to date.
 *
 * @throws RestoreError when it would not be the same; StartError when the server can't be used.
 */
export async function restoreDatabase(
  db: Kysely<Schema>,
  { path, content, samples, onProgress }: Options,
): Promise<RestoreReport> {
  const { header, manifest } = content;
  await refuseUnknownMigrations(header);
  await checkServer(db);
  const allRows = manifest.tables.reduce((sum, { rows }) => sum + rows, 0);
  let rows = 0;
  const questions = await db.transaction().execute(async trx => {
    await sql`SET LOCAL row_security = off`.execute(trx);
    await fixTextForms(trx);
    await dropLectern(trx);
    await applyMigrations(trx, header.migrations.at(-1)?.version);
    await loadTables(trx, path, content, loaded => {
      rows += loaded;
      onProgress(rows, allRows);
    });
    await applyMigrations(trx);
    return samples ? compareSamples(trx, manifest, samples) : 0;
  });
  await sql`ANALYZE`.execute(db);
  return { rows, tables: manifest.tables.length, questions };
}

async function refuseUnknownMigrations({ migrations, lectern }: BackupHeader): Promise<void> {
  const known = new Map((await readMigrations()).map(({ version, sha256 }) => [version, sha256]));
  const unknown = migrations.find(({ version, sha256 }) => known.get(version) !== sha256);
  if (unknown)
    throw new RestoreError(
      `The backup was made by Lectern ${lectern}, whose tables this Lectern does not know (${unknown.name}). Restore it with that version or a later one.`,
    );
}

async function compareSamples(
  trx: Transaction<Schema>,
  { samples, embedding_model: model }: BackupManifest,
  parts: SampleParts,
): Promise<number> {
  if (model !== parts.embedder.modelName) return 0;
  const questions = samples.map(sample => ({ workspaceId: sample.workspace_id, question: sample.question }));
  const answers = await askSamples(trx satisfies Db, questions, parts);
  for (const [index, { question, passage_ids: wanted }] of samples.entries()) {
    const found = answers[index]?.passage_ids ?? [];
    if (String(found) !== String(wanted))
      throw new RestoreError(
        `The question ${JSON.stringify(question)} finds other passages than when the backup was made (${found.join(', ')} instead of ${wanted.join(', ')}). Nothing was changed; --skip-questions restores all the same.`,
      );
  }
  return samples.length;
}
