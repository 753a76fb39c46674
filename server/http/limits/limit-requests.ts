import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RequestError } from '../../errors.ts';
import type { LimitName, RateLimiter, Verdict } from '../../limiting/rate-limiter.ts';
import { isForwarded, subjectsOf } from './request-subjects.ts';

/** Whoever watches over the server asks these, also when somebody else asks too much. */
const watched = new Set(['/livez', '/readyz', '/metrics', '/api/health/']);
const uploads = new Set(['POST /api/document/', 'PUT /api/document/:id/']);

/** Counts requests and uploads, and refuses those beyond the limits before anything of them is done. */
export function limitRequests(server: FastifyInstance, limiter: RateLimiter): void {
  let hasWarned = false;
  server.addHook('onRequest', async (request, reply) => {
    if (!hasWarned && isForwarded(request) && !cameByTrustedProxy(request)) {
      hasWarned = true;
      request.log.warn(
        { address: request.socket.remoteAddress },
        'requests are forwarded by a proxy that is not in TRUSTED_PROXIES: all of them count for its address',
      );
    }
    if (watched.has(request.routeOptions.url ?? '')) return;
    const names: LimitName[] = isUpload(request) ? ['requests', 'uploads'] : ['requests'];
    const verdicts: Verdict[] = [];
    for (const subject of subjectsOf(request))
      for (const name of names) {
        const verdict = await limiter.spend(subject, name);
        if (verdict) verdicts.push(verdict);
        if (verdict && !verdict.isAllowed) {
          tellLimits(reply, verdicts);
          throw beyondLimit(verdict);
        }
      }
    tellLimits(reply, verdicts);
  });
}

/** Without trusted proxies there is no `ips`; with them it holds more than the sender when that is one. */
const cameByTrustedProxy = ({ ips }: FastifyRequest) => (ips?.length ?? 0) > 1;

const isUpload = ({ method, routeOptions: { url } }: FastifyRequest) => uploads.has(`${method} ${url}`);

/** draft-ietf-httpapi-ratelimit-headers: what the limits are, and what is left of them. */
function tellLimits(reply: FastifyReply, verdicts: Verdict[]): void {
  if (verdicts.length === 0) return;
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
