import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitIntoRequests } from './split-into-requests.ts';

function message(type: string, body: Uint8Array): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(4 + body.length);
  return Buffer.concat([Buffer.from(type), length, body]);
}

const startup = message('', Buffer.from('\0\x03\0\0user\0postgres\0\0', 'latin1'));
const parseToExecute = fc.array(
  fc.tuple(fc.constantFrom('P', 'B', 'D', 'E'), fc.uint8Array({ maxLength: 40 })),
  { maxLength: 4 },
);
const request = fc.oneof(
  parseToExecute.map(parts =>
    Buffer.concat([...parts.map(([type, body]) => message(type, body)), message('S', Buffer.alloc(0))]),
  ),
  fc.uint8Array({ maxLength: 40 }).map(body => message('Q', body)),
);

test('requests come out whole and in order, however the bytes are cut', () => {
  fc.assert(
    fc.property(
      fc.array(request, { maxLength: 8 }),
      fc.infiniteStream(fc.integer({ min: 1, max: 30 })),
      (requests, sizes) => {
        const all = [startup, ...requests];
        const received: string[] = [];
        const feed = splitIntoRequests(
          messages => received.push(messages.toString('hex')),
          () => assert.fail('the client did not end'),
        );
        let bytes = Buffer.concat(all);
        while (bytes.length > 0) {
          const size = sizes.next().value;
          feed(Buffer.from(bytes.subarray(0, size)));
          bytes = bytes.subarray(size);
        }
        assert.deepEqual(
          received,
          all.map(one => one.toString('hex')),
        );
      },
    ),
    { numRuns: 300 },
  );
});

test('a client that ends is let go, and what it asked before is still answered', () => {
  const received: Buffer[] = [];
  let ended = 0;
  const feed = splitIntoRequests(
    messages => received.push(messages),
    () => {
      ended += 1;
    },
  );
  feed(Buffer.concat([startup, message('Q', Buffer.from('select 1')), message('X', Buffer.alloc(0))]));
  assert.equal(received.length, 2);
  assert.equal(ended, 1);
});

test('a large message is put together once, not at every piece', context => {
  const large = Buffer.concat([message('B', Buffer.alloc(5_000_000)), message('S', Buffer.alloc(0))]);
  const sizes: number[] = [];
  const feed = splitIntoRequests(
    messages => sizes.push(messages.length),
    () => {},
  );
  feed(startup);
  const concat = context.mock.method(Buffer, 'concat');
  for (let at = 0; at < large.length; at += 16_384) feed(large.subarray(at, at + 16_384));
  assert.deepEqual(sizes, [startup.length, large.length]);
  assert.ok(concat.mock.callCount() <= 3, `${concat.mock.callCount()} times`);
});
