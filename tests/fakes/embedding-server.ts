import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const embeddingRequest = z.object({ input: z.array(z.string()) });

const DIMENSIONS = 64;

export type FakeEmbeddingServer = {
  /** The settings with which an app embeds here. */
  env: Record<string, string>;
  /** Texts that were asked for. */
  texts: string[];
  /** Requests for texts that match wait until `release`. */
  hold(texts: RegExp): void;
  /** So many requests are waiting. */
  held(): number;
  release(): void;
  close(): void;
};

/**
 * An embeddings endpoint that says when: work on a document stands still while its passages are held. Texts
 * that share words are near each other.
 */
export async function startFakeEmbeddingServer(): Promise<FakeEmbeddingServer> {
  const texts: string[] = [];
  let waiting: (() => void)[] = [];
  let heldTexts: RegExp | undefined;
  const server = createServer(async (request, response) => {
    const { input } = embeddingRequest.parse(JSON.parse(await text(request)));
    texts.push(...input);
    if (heldTexts && input.some(one => heldTexts?.test(one)))
      await new Promise<void>(resolve => waiting.push(resolve));
    const data = input.map((one, index) => ({ index, embedding: embed(one) }));
    response.setHeader('content-type', 'application/json').end(JSON.stringify({ data }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  const release = () => {
    heldTexts = undefined;
    for (const go of waiting) go();
    waiting = [];
  };
  return {
    env: { EMBEDDING_BASE_URL: `http://127.0.0.1:${address.port}/v1`, EMBEDDING_MODEL: 'fake' },
    texts,
    hold: pattern => {
      heldTexts = pattern;
    },
    held: () => waiting.length,
    release,
    close() {
      release();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Counts of words, each in the place that its hash says. */
function embed(passage: string): number[] {
  const counts = new Array<number>(DIMENSIONS).fill(0.001);
  for (const word of passage.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    const place = (createHash('md5').update(word).digest()[0] ?? 0) % DIMENSIONS;
    counts[place] = (counts[place] ?? 0) + 1;
  }
  return counts;
}
