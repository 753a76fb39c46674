import type { Server } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whoever sends requests one after the other over a connection is told in this time to take another one. */
const FAREWELL_MS = 500;
const CLOSE_EVERY_MS = 100;

/**
 * Takes no more connections, which go to the other processes on the port, and ends those that there are once their
 * answers are sent: nobody is refused because this process stops. Resolves when only answers under way are left.
 */
export async function leavePort(server: Server): Promise<void> {
  server.prependListener('request', (_, response) => void response.setHeader('connection', 'close'));
  await sleep(FAREWELL_MS);
  // Ends idle connections, too.
  server.close();
  const timer = setInterval(() => server.closeIdleConnections(), CLOSE_EVERY_MS).unref();
  server.once('close', () => clearInterval(timer));
}
