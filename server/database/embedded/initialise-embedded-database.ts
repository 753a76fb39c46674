/**
 * Run as a process of its own: creating a cluster leaves 350 MB resident in whoever does it, which ends
 * with this process. Argument: the folder to create.
 */
import { openPGlite } from './open-pglite.ts';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('usage: initialise-embedded-database FOLDER');
const database = await openPGlite(folder);
// Nobody makes another database from them, and they are half of all files and a third of all bytes.
for (const template of ['template0', 'template1']) {
  await database.exec(`ALTER DATABASE ${template} IS_TEMPLATE false`);
  await database.exec(`DROP DATABASE ${template}`);
}
await database.close();
