import type { Command } from 'commander';
import { z } from 'zod';

export function addMigrateCommand(program: Command, signal: AbortSignal): void {
  program
    .command('migrate')
    .description("bring the database's tables up to date (a start does this too)")
    .addHelpText(
      'after',
      `
Example:
  $ DATABASE_URL=postgresql://lectern@db.example.com/lectern lectern migrate`,
    )
    .action(async () => {
      const applied = await migrateDatabase();
      signal.throwIfAborted();
      process.stdout.write(applied.length === 0 ? 'The database is up to date.\n' : '');
      for (const name of applied) process.stdout.write(`applied ${name}\n`);
    });
}

const migrationEntry = z.object({ migrations: z.array(z.string()) });

/** Opening the database migrates it; which files that applied stands in the log only. */
async function migrateDatabase(): Promise<string[]> {
  const { readConfig } = await import('../server/config.ts');
  const { createLogger } = await import('../server/logger.ts');
  const { openDatabase } = await import('../server/database/open-database.ts');
  const applied: string[] = [];
  const log = {
    write(line: string) {
      applied.push(...(migrationEntry.safeParse(JSON.parse(line)).data?.migrations ?? []));
    },
  };
  const logger = createLogger({ level: 'info', readable: false }, log);
  const { databaseUrl, dataDir } = readConfig();
  const database = await openDatabase({
    databaseUrl,
    dataDir,
    logger,
    onLost: error => {
      throw error;
    },
  });
  await database.close();
  return applied;
}
