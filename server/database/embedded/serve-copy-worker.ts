/**
 * A process of its own that serves a copy of the embedded database while a backup is written: what it takes of
 * memory ends with it. Arguments: the folder of the copy and the path of the socket. It ends when its standard
 * input does, and so with the process that started it.
 */
import { openPGlite } from './open-pglite.ts';
import { servePGlite } from './serve-pglite.ts';

const [folder, socketPath] = process.argv.slice(2);
if (!folder || !socketPath) throw new Error('usage: serve-copy-worker FOLDER SOCKET');
process.stdin.on('end', () => process.exit()).resume();
await servePGlite(await openPGlite(folder), socketPath);
process.stdout.write('ready\n');
