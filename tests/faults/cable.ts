import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between Lectern and the database, and can be cut like a cable, or frozen: then nobody is told of anything. */
export async function startCable(target: URL) {
  let isCut = false;
  let isFrozen = false;
  const sockets = new Set<Socket>();
  const server = createServer(client => {
    if (isCut) return void client.destroy();
    const database = connect(Number(target.port), target.hostname);
    for (const socket of [client, database]) {
      sockets.add(socket);
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket);
          client.destroy();
          database.destroy();
        });
    }
    if (!isFrozen) client.pipe(database).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.hostname = '127.0.0.1';
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    cut() {
      isCut = true;
      for (const socket of sockets) socket.destroy();
    },
    freeze() {
      isFrozen = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    /** What was frozen stays so. */
    mend() {
      isCut = false;
      isFrozen = false;
    },
    close: () => server.close(),
  };
}
