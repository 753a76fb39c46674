import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import type { PGlite } from '@electric-sql/pglite';
import { splitIntoRequests } from './split-into-requests.ts';

export type PGliteServer = {
  /** Waits until the client has left and its last request is done. */
  close(): Promise<void>;
};

/**
 * Serves PGlite's one session on a unix socket. Like @electric-sql/pglite-socket, but hands over all
 * messages up to a Sync together and sends the answer in one write: a statement costs a quarter less. When
 * PGlite itself fails (a failed statement is an answer), the rejection is not caught and ends this thread,
 * where the package would leave the client waiting for ever.
 */
export async function servePGlite(database: PGlite, path: string): Promise<PGliteServer> {
  let work: Promise<unknown> = Promise.resolve();
  const server = createServer(socket => {
    const answer = (messages: Buffer) => {
      work = work.then(() => exchange(database, messages, socket));
    };
    socket.on(
      'data',
      splitIntoRequests(answer, () => socket.end()),
    );
    socket.on('error', () => socket.destroy());
    // The session outlives the connection: what it left open must not become the next one's.
    socket.on('close', () => {
      if (!server.listening) return; // Nobody comes next.
      work = work.then(() => reset(database));
    });
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    async close() {
      server.close();
      await once(server, 'close');
      await work;
    },
  };
}

/** Prepared statements too: the next connection gives its own the same names. */
async function reset(database: PGlite): Promise<void> {
  if (database.isInTransaction()) await database.exec('ROLLBACK');
  await database.exec('DEALLOCATE ALL');
}

async function exchange(database: PGlite, messages: Buffer, socket: Socket): Promise<void> {
  const answers: Uint8Array[] = [];
  await database.runExclusive(() =>
    // The data is PGlite's buffer: it is copied before the next piece overwrites it.
    database.execProtocolRawStream(messages, { onRawData: data => answers.push(data.slice()) }),
  );
  if (socket.writable) socket.write(answers.length === 1 ? (answers[0] ?? '') : Buffer.concat(answers));
}
