import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../../errors.ts';
import type { LimitName, RateLimiter, Verdict } from '../../limiting/rate-limiter.ts';
import { addressSubjects, isForwarded, principalSubjects } from './request-subjects.ts';

/** Whoever watches over the server asks these, also when somebody else asks too much. */
const watched = new Set(['/livez', '/readyz', '/metrics', '/api/health/']);
const uploads = new Set(['POST /api/document/', 'PUT /api/document/:id/']);

/** What an answer says of the limits: of each the one of which the least is left. */
const told = new WeakMap<FastifyRequest, Map<LimitName, Verdict>>();

/** Counts requests and uploads of addresses, and refuses those beyond the limits before anything of them is done. */
export function limitAddresses(server: FastifyInstance, limiter: RateLimiter): void {
  let hasWarned = false;
  server.addHook('onRequest', async (request, reply) => {
    if (!hasWarned && isForwarded(request) && !cameByTrustedProxy(request)) {
      hasWarned = true;
      request.log.warn(
        { address: request.socket.remoteAddress },
        'requests are forwarded by a proxy that is not in TRUSTED_PROXIES: all of them count for its address',
      );
    }
    await limit(limiter, addressSubjects(request), { request, reply });
  });
}

/** The same of users and keys; after it is known who asks, and before anything else is done. */
export function limitPrincipals(server: FastifyInstance, limiter: RateLimiter): void {
  server.addHook('onRequest', async (request, reply) => {
    await limit(limiter, principalSubjects(request), { request, reply });
  });
}

type Exchange = { request: FastifyRequest; reply: FastifyReply };

/** @throws RequestError rate_limited. */
async function limit(limiter: RateLimiter, subjects: string[], { request, reply }: Exchange): Promise<void> {
  if (subjects.length === 0 || watched.has(request.routeOptions.url ?? '')) return;
  const names: LimitName[] = isUpload(request) ? ['requests', 'uploads'] : ['requests'];
  const tightest = told.get(request) ?? new Map<LimitName, Verdict>();
  told.set(request, tightest);
  for (const subject of subjects)
    for (const name of names) {
      const verdict = await limiter.spend(subject, name);
      if (!verdict) continue;
      const other = tightest.get(name);
      if (!other || verdict.remaining < other.remaining) tightest.set(name, verdict);
      tellLimits(reply, [...tightest.values()]);
      if (!verdict.isAllowed) throw beyondLimit(verdict);
    }
}

/** Without trusted proxies there is no `ips`; with them it holds more than the sender when that is one. */
const cameByTrustedProxy = ({ ips }: FastifyRequest) => (ips?.length ?? 0) > 1;

const isUpload = ({ method, routeOptions: { url } }: FastifyRequest) => uploads.has(`${method} ${url}`);

/** draft-ietf-httpapi-ratelimit-headers: what the limits are, and what is left of them. */
function tellLimits(reply: FastifyReply, verdicts: Verdict[]): void {
  reply.header(
    'ratelimit-policy',
    verdicts.map(({ name, limit, windowSeconds }) => `"${name}";q=${limit};w=${windowSeconds}`).join(', '),
  );
  reply.header(
    'ratelimit',
    verdicts
      .map(({ name, remaining, resetSeconds }) => `"${name}";r=${remaining};t=${resetSeconds}`)
      .join(', '),
  );
}

const units: Record<LimitName, string> = { requests: 'requests', uploads: 'uploads', tokens: 'tokens' };

export function beyondLimit({ name, limit, windowSeconds, resetSeconds }: Verdict): RequestError {
  const window =
    windowSeconds === 86_400 ? 'a day' : windowSeconds === 60 ? 'a minute' : `${windowSeconds} seconds`;
  return new RequestError(
    'rate_limited',
    `The ${limit.toLocaleString('en')} ${units[name]} ${window} are used up. Try again in ${resetSeconds} s.`,
    { retryAfterSeconds: resetSeconds, extra: { limit: name } },
  );
}
