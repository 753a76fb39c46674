import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

const jinaRequest = z.strictObject({
  model: z.string(),
  query: z.string(),
  documents: z.array(z.string()).min(1),
  top_n: z.int().positive(),
});
const teiRequest = z.looseObject({ query: z.string(), texts: z.array(z.string()).min(1) });

type Score = { index: number; score: number };

export type RerankBehaviour =
  | { kind: 'scores' }
  /** The scores as they are, whatever was asked. */
  | { kind: 'given'; scores: Score[] }
  | { kind: 'status'; status: number; body?: string }
  | { kind: 'raw'; body: string }
  | { kind: 'hang' }
  /** Headers and half a body, then nothing. */
  | { kind: 'hang-within' }
  | { kind: 'cut' };

type RecordedRequest = { path: string; authorization: string | undefined; body: Record<string, unknown> };

export type FakeRerankServer = {
  baseUrl: string;
  requests: RecordedRequest[];
  /** What the next requests get, in this order; after them come scores again. */
  script(...behaviours: RerankBehaviour[]): void;
  close(): Promise<void>;
};

/**
 * A /rerank endpoint on 127.0.0.1 that speaks as Jina and Cohere do, or as TEI does, and refuses what it would
 * refuse. A text's score is the number of its words that the query has; the best come first, as with all of them.
 */
export async function startFakeRerankServer(speaks: 'jina' | 'tei' = 'jina'): Promise<FakeRerankServer> {
  const requests: RecordedRequest[] = [];
  const queue: RerankBehaviour[] = [];
  const server = createServer(async (request, response) => {
    const body = z.record(z.string(), z.unknown()).parse(JSON.parse(await text(request)));
    requests.push({ path: request.url ?? '', authorization: request.headers.authorization, body });
    const asked = readQuery(speaks, body);
    if (request.url !== '/v1/rerank') reply(response, 404, { error: 'no such path' });
    else if (typeof asked === 'string') reply(response, 422, { error: asked });
    else behave(response, queue.shift() ?? { kind: 'scores' }, { speaks, ...asked });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    baseUrl: `http://127.0.0.1:${address.port}/v1`,
    requests,
    script: (...behaviours) => void queue.push(...behaviours),
    async close() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

type Asked = { query: string; texts: string[] };

/** The query and its texts, or why they are refused. */
function readQuery(speaks: 'jina' | 'tei', body: unknown): Asked | string {
  if (speaks === 'tei') {
    const parsed = teiRequest.safeParse(body);
    return parsed.success ? parsed.data : z.prettifyError(parsed.error);
  }
  const parsed = jinaRequest.safeParse(body);
  if (!parsed.success) return z.prettifyError(parsed.error);
  return { query: parsed.data.query, texts: parsed.data.documents };
}

function behave(
  response: ServerResponse,
  behaviour: RerankBehaviour,
  { speaks, query, texts }: Asked & { speaks: 'jina' | 'tei' },
): void {
  switch (behaviour.kind) {
    case 'scores':
    case 'given': {
      const scores = behaviour.kind === 'given' ? behaviour.scores : scoresOf(query, texts);
      const results = scores.map(({ index, score }) => ({ index, relevance_score: score }));
      reply(response, 200, speaks === 'tei' ? scores : { id: '1', results, usage: { tokens: 1 } });
      return;
    }
    case 'status':
      response.writeHead(behaviour.status).end(behaviour.body ?? '{}');
      return;
    case 'raw':
      response.writeHead(200, { 'content-type': 'application/json' }).end(behaviour.body);
      return;
    case 'hang':
      return;
    case 'hang-within':
      response.writeHead(200, { 'content-type': 'application/json' }).write('{"results": [');
      return;
    case 'cut':
      response.destroy();
  }
}

function scoresOf(query: string, texts: string[]): Score[] {
  const wordsOf = (one: string) => new Set(one.toLowerCase().split(/\W+/));
  const asked = wordsOf(query);
  return texts
    .map((one, index) => ({ index, score: [...wordsOf(one)].filter(word => asked.has(word)).length }))
    .sort((a, b) => b.score - a.score);
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
