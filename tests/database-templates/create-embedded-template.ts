/** Run as a process of its own, as creating a cluster leaves its memory to whoever does it. Argument: the data folder. */
import pino from 'pino';
import { openDatabase } from '../../server/database/open-database.ts';

const [dataDir] = process.argv.slice(2);
if (!dataDir) throw new Error('usage: create-embedded-template FOLDER');
const onLost = (error: Error) => {
  throw error;
};
const logger = pino({ level: 'silent' });
const database = await openDatabase({ dataDir, databaseUrl: undefined, logger, onLost });
await database.close();
