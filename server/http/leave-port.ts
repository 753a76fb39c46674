import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whoever sends requests one after the other over a connection is told in this time to take another one. */
const FAREWELL_MS = 500;
/** A connection that was just made may send its request within this time. */
const SILENCE_MS = 2_000;
const LOOK_EVERY_MS = 50;

/**
 * For a server whose port others share. What it returns takes no more connections, which go to the others, and ends
 * those that there are once their answers are sent: nobody is refused because this process stops. It resolves when only
 * answers under way are left. (`closeIdleConnections` would also cut off answers that are not yet sent to their end.)
 */
export function prepareToLeave(server: Server): () => Promise<void> {
  /** Since when each connection has nothing under way, as performance.now() counts; Infinity while it has. */
  const idleSince = new Map<Socket, number>();
  const silent = new Set<Socket>();
  server.on('connection', socket => {
    idleSince.set(socket, performance.now());
    silent.add(socket);
    socket.once('close', () => {
      idleSince.delete(socket);
      silent.delete(socket);
    });
  });
  server.prependListener('request', ({ socket }, response) => {
    silent.delete(socket);
    idleSince.set(socket, Number.POSITIVE_INFINITY);
    response.once('close', () => {
      if (idleSince.has(socket)) idleSince.set(socket, performance.now());
    });
  });
  const endIdle = () => {
    const now = performance.now();
    for (const [socket, since] of idleSince)
      if (now - since > (silent.has(socket) ? SILENCE_MS : LOOK_EVERY_MS) && socket.writableLength === 0)
        socket.end();
  };
  return async () => {
    server.prependListener('request', (_, response) => void response.setHeader('connection', 'close'));
    await sleep(FAREWELL_MS);
    NetServer.prototype.close.call(server);
    const timer = setInterval(endIdle, LOOK_EVERY_MS).unref();
    server.once('close', () => clearInterval(timer));
    const isQuiet = () => [...idleSince.values()].every(since => since === Number.POSITIVE_INFINITY);
    const latestMs = performance.now() + SILENCE_MS;
    while (!isQuiet() && performance.now() < latestMs) await sleep(LOOK_EVERY_MS);
  };
}
