import { randomUUID } from 'node:crypto';
import helmet from '@fastify/helmet';
import multipart from '@fastify/multipart';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import { serializerCompiler, validatorCompiler } from 'fastify-type-provider-zod';
import { NotFoundError } from '../errors.ts';
import type { Logger } from '../logger.ts';
import { answerClientError } from './answer-client-error.ts';
import { checkOrigin } from './check-origin.ts';
import { registerOpenapi } from './openapi.ts';
import { collectRoutes } from './refuse-other-methods.ts';
import { sendError } from './send-error.ts';

/** JSON bodies; uploads have their own limits. */
const MOST_BODY_BYTES = 1024 * 1024;
/** From the first byte of a request to its last: a large upload over a slow line. */
const REQUEST_TIMEOUT_MS = 300_000;
/** Longer than proxies keep their connections, so that it is never us who closes one just being used. */
const KEEP_ALIVE_TIMEOUT_MS = 75_000;

type Options = { logger: Logger; host: string; allowedHosts: string[] };

/**
 * The HTTP server with everything but the routes: register them, then call `refuseOtherMethods`, then listen.
 */
export async function createHttpServer({ logger, host, allowedHosts }: Options) {
  // Declared as Fastify's own type: routes and hooks need no more of a logger.
  const loggerInstance: FastifyBaseLogger = logger;
  const server = Fastify({
    loggerInstance,
    // The onResponse hook below writes one line per request.
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MOST_BODY_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 200 },
    genReqId: () => randomUUID(),
    clientErrorHandler: answerClientError,
    forceCloseConnections: 'idle',
  });
  server.setValidatorCompiler(validatorCompiler);
  server.setSerializerCompiler(serializerCompiler);
  server.setErrorHandler(sendError);
  server.setNotFoundHandler(() => {
    throw new NotFoundError('page');
  });
  server.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    checkOrigin(request, { host, allowedHosts });
  });
  server.addHook('onResponse', async (request, reply) => {
    const { method, url } = request;
    request.log.debug(
      { method, url, status: reply.statusCode, ms: Math.round(reply.elapsedTime) },
      'request',
    );
  });
  acceptEmptyJson(server);
  const refuseOtherMethods = collectRoutes(server);
  await server.register(helmet, { contentSecurityPolicy: false, strictTransportSecurity: false });
  await server.register(multipart, { limits: { files: 2, fields: 20, parts: 22 } });
  await registerOpenapi(server);
  return { server, refuseOtherMethods };
}

/** Clients send `Content-Type: application/json` with no body where none is wanted. */
function acceptEmptyJson(server: FastifyInstance): void {
  const parseJson = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else parseJson(request, body, done);
  });
  server.removeContentTypeParser('text/plain');
}
