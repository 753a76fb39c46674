import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { after, test } from 'node:test';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fastify } from 'fastify';
import { waitUntil } from '../../tests/wait-until.ts';
import { streamEvents } from './stream-events.ts';

const MB = 2 ** 20;
const ALL = 64 * MB;
const event = `data: ${'x'.repeat(64 * 1024 - 8)}\n\n`;

const server = fastify();
let pulled = 0;
server.get('/', (_, reply) =>
  streamEvents(reply, async function* () {
    for (pulled = 0; pulled < ALL; pulled += event.length) {
      yield event;
      await nextTurn();
    }
  }),
);
const url = await server.listen({ port: 0 });
after(() => server.close());

test('of what a client that pauses has not read, little is held for it, and the rest comes later', async () => {
  const sent = request(url, { agent: false }).end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.pause();
  let before = -1;
  await waitUntil('nothing more is pulled', async () => {
    const isStill = pulled === before;
    before = pulled;
    for (let turn = 0; turn < 50; turn += 1) await nextTurn();
    return isStill;
  });
  assert.ok(pulled > 0 && pulled < ALL / 4, `${pulled / MB} MB were pulled`);
  let received = 0;
  for await (const piece of response) received += piece.length;
  assert.equal(received, ALL);
});
