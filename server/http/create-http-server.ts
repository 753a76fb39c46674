import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import helmet from '@fastify/helmet';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  LogController,
} from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { z } from 'zod';
import type { Accounts } from '../accounts/accounts.ts';
import type { Db } from '../database/open-database.ts';
import { NotFoundError, RequestError } from '../errors.ts';
import type { RateLimiter } from '../limiting/rate-limiter.ts';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../observing/metrics.ts';
import { guardRoutes } from './access/guard-routes.ts';
import type { OpenRequests } from './access/open-requests.ts';
import { answerClientError } from './answer-client-error.ts';
import { checkOrigin } from './check-origin.ts';
import { describeIssue } from './describe-issue.ts';
import { isNestedDeeper } from './is-nested-deeper.ts';
import { limitAddresses, limitPrincipals } from './limits/limit-requests.ts';
import { refuseOverload } from './limits/refuse-overload.ts';
import { registerOpenapi } from './openapi.ts';
import { observeRequests } from './operations/observe-requests.ts';
import { collectRoutes } from './refuse-other-methods.ts';
import { sendError } from './send-error.ts';
import { readTls } from './tls.ts';

/** Of JSON bodies: what reads them is recursive. */
const MOST_LEVELS = 100;
/** JSON bodies; uploads have their own limits. */
const MOST_BODY_BYTES = 1024 * 1024;
/** From the first byte of a request to its last: a large upload over a slow line. */
const REQUEST_TIMEOUT_MS = 300_000;
/** Longer than proxies keep their connections, so that it is never us who closes one just being used. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

type Options = {
  logger: Logger;
  metrics: Metrics;
  /** To serve HTTPS instead of HTTP. */
  tlsCert?: string | undefined;
  tlsKey?: string | undefined;
  host: string;
  allowedHosts: string[];
  trustedProxies: string[];
  /** Requests that may wait in this process. */
  overloadRequests: () => number;
  limiter: RateLimiter;
  publicUrl?: string | undefined;
  /** Sees all workspaces; requests get theirs. */
  db: Db;
  accounts: Accounts;
  openRequests: OpenRequests;
  /** Answers someone who has opened an address in a browser that leads nowhere. */
  sendLost?: ((request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>) | undefined;
};

/**
 * The HTTP server with everything but the routes: register them, then call `refuseOtherMethods`, then listen.
 */
export async function createHttpServer(options: Options) {
  const { logger, metrics, host, publicUrl, tlsCert, tlsKey, sendLost } = options;
  const allowedHosts = [...options.allowedHosts, ...(publicUrl ? [new URL(publicUrl).hostname] : [])];
  z.config({ customError: describeIssue });
  // Declared as Fastify's own type: routes and hooks need no more of a logger.
  const loggerInstance: FastifyBaseLogger = logger;
  // Of an unknown form to the types: with it Fastify's would be those of another server, which is used alike.
  const secure: object =
    tlsCert && tlsKey ? { https: await readTls({ certificate: tlsCert, key: tlsKey }) } : {};
  const server = Fastify({
    ...secure,
    loggerInstance,
    // The onResponse hook below writes one line per request.
    logController: new LogController({ disableRequestLogging: true }),
    // `ip` and `host` of a request are then what they say, and nothing that anybody else says.
    trustProxy: options.trustedProxies.length > 0 ? options.trustedProxies : false,
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    genReqId: () => randomUUID(),
    clientErrorHandler: answerClientError,
    forceCloseConnections: 'idle',
    // Paths that the router can't read: too long, or not UTF-8. Nothing is there.
    frameworkErrors: (_, request, reply) => void sendError(new NotFoundError('page'), request, reply),
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.setErrorHandler(sendError);
  server.setNotFoundHandler(async (request, reply) => {
    if (sendLost && isOpened(request)) return sendLost(request, reply);
    throw new NotFoundError('page');
  });
  observeRequests(server, metrics);
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    checkOrigin(request, { host, allowedHosts });
  });
  server.addHook('onResponse', async (request, reply) => {
    const { method } = request;
    // Without the query: codes of sign-ins stand there, and what people look for.
    const [url] = request.url.split('?');
    request.log.debug(
      { method, url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
  });
  refuseOverload(server, options.overloadRequests);
  limitAddresses(server, options.limiter);
  guardRoutes(server, options);
  limitPrincipals(server, options.limiter);
  acceptEmptyJson(server);
  closeSilentConnections(server, tlsCert ? 'secureConnection' : 'connection');
  const refuseOtherMethods = collectRoutes(server);
  await server.register(helmet, {
    contentSecurityPolicy: false,
    strictTransportSecurity: tlsCert !== undefined,
  });
  await registerOpenapi(server);
  return { server, refuseOtherMethods };
}

/**
 * Browsers open connections ahead of need. Node does not count one that never sent a request as idle, and
 * closing the server would wait for it a minute and more.
 */
function closeSilentConnections(server: FastifyInstance, event: 'connection' | 'secureConnection'): void {
  const silent = new Set<Socket>();
  server.server.on(event, (socket: Socket) => {
    silent.add(socket);
    socket.once('close', () => silent.delete(socket));
  });
  server.server.on('request', ({ socket }) => silent.delete(socket));
  server.addHook('preClose', async () => {
    for (const socket of silent) socket.destroy();
  });
}

/** In a browser, as a page. */
const isOpened = ({ method, url, headers }: FastifyRequest) =>
  method === 'GET' && !/^\/(api|assets)(\/|$)/.test(url) && /\btext\/html\b/.test(headers.accept ?? '');

/** Clients send `Content-Type: application/json` with no body where none is wanted. */
function acceptEmptyJson(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else if (isNestedDeeper(body, MOST_LEVELS))
      done(new RequestError('invalid_request', `The JSON is nested deeper than ${MOST_LEVELS} levels.`));
    else parseJson(request, body, done);
  });
  server.removeContentTypeParser('text/plain');
}
