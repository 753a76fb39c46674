import { Readable, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../database/schema.ts';
import { version } from '../version.ts';
import type { AppliedMigration, BackupHeader, BackupManifest, SampleAnswer } from './backup-format.ts';
import { listTables } from './list-tables.ts';
import { fixTextForms, readRows, TableSummer } from './read-rows.ts';

type Options = {
  kind: 'embedded' | 'native';
  /** The model that the samples were asked with; null when there was none. */
  embeddingModel: string | null;
  samples: SampleAnswer[];
  signal?: AbortSignal;
};

/** Fast, and texts still shrink to a third. */
const COMPRESSION_LEVEL = 3;

/**
 * Writes a whole backup, with bounded memory: as fast as it is taken.
 *
 * @param db a snapshot's transaction.
 * @returns what stands in its manifest.
 */
export async function writeBackup(
  db: Kysely<Schema>,
  target: Writable,
  { signal, ...options }: Options,
): Promise<BackupManifest> {
  const manifest: BackupManifest = {
    tables: [],
    sequences: [],
    embedding_model: options.embeddingModel,
    samples: options.samples,
  };
  const compress = createZstdCompress({
    params: {
      [constants.ZSTD_c_compressionLevel]: COMPRESSION_LEVEL,
      [constants.ZSTD_c_checksumFlag]: 1,
    },
  });
  await pipeline(Readable.from(composeBackup(db, options.kind, manifest)), compress, target, { signal });
  return manifest;
}

/** The lines, several at a time; fills the manifest on the way. */
async function* composeBackup(
  db: Kysely<Schema>,
  kind: 'embedded' | 'native',
  manifest: BackupManifest,
): AsyncGenerator<string> {
  await fixTextForms(db);
  const tables = await listTables(db);
  const header: BackupHeader = {
    lectern_backup: 1,
    lectern: version,
    created_at: new Date().toISOString(),
    database_kind: kind,
    migrations: await readMigrations(db),
    tables: tables.map(({ name, columns }) => ({ name, columns })),
  };
  yield `${JSON.stringify(header)}\n`;
  for (const table of tables) {
    yield `${JSON.stringify({ table: table.name })}\n`;
    const summer = new TableSummer(table.name);
    for await (const rows of readRows(db, table)) {
      for (const row of rows) summer.add(row);
      yield rows.map(row => `${JSON.stringify(row)}\n`).join('');
    }
    manifest.tables.push(summer.sum());
  }
  manifest.sequences.push(...(await readSequences(db)));
  yield `${JSON.stringify({ manifest })}\n`;
}

async function readMigrations(db: Kysely<Schema>): Promise<AppliedMigration[]> {
  const { rows } = await sql<AppliedMigration>`
    SELECT version, name, sha256 FROM schema_migrations ORDER BY version`.execute(db);
  return rows;
}

/** Sequences belong to no transaction: read after the rows, they are beyond every id in them. */
async function readSequences(db: Kysely<Schema>): Promise<BackupManifest['sequences']> {
  const { rows } = await sql<{ name: string; last_value: number | null; start_value: number }>`
    SELECT sequencename AS name, last_value, start_value FROM pg_sequences
    WHERE schemaname = current_schema() ORDER BY sequencename COLLATE "C"`.execute(db);
  return rows.map(({ name, last_value: last, start_value: start }) => ({
    name,
    last_value: last ?? start,
    is_called: last !== null,
  }));
}
