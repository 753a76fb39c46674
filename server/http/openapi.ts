import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { errorBody } from '../../contract/errors.ts';
import { version } from '../version.ts';

/** The OpenAPI document, made from the contract, and a page to read and try it that needs no network. */
export async function registerOpenapi(server: FastifyInstance): Promise<void> {
  await server.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Lectern',
        version,
        description: 'A chatbot that answers from your documents and proves it.',
        license: { name: 'MIT', identifier: 'MIT' },
      },
    },
    transform: describeRoute,
    transformObject: jsonSchemaTransformObject,
  });
  await server.register(swaggerUi, {
    routePrefix: '/api/docs',
    uiConfig: { deepLinking: true, layout: 'BaseLayout' },
  });
  server.get('/api/openapi.json', { config: { permission: 'anyone' }, schema: { hide: true } }, async () =>
    server.swagger(),
  );
}

/** What any request may get, before its handler is asked; a route says itself what else it has of these. */
const anywhere = {
  400: errorBody.describe('The request is not what it must be; the message names what is wrong.'),
  403: errorBody.describe('Something would change at the wish of a page of another origin.'),
  408: errorBody.describe('The request took too long to arrive.'),
  421: errorBody.describe('The server does not answer for this host.'),
  429: errorBody.describe('A limit is used up; Retry-After says when to ask again.'),
  431: errorBody.describe('The headers are too large.'),
  503: errorBody.describe('The database is away, or there is too much to do.'),
};
const withParameters = { 404: errorBody.describe('There is no such thing.') };
const withBody = {
  413: errorBody.describe('The body is too large.'),
  415: errorBody.describe('The body is of another type than can be read.'),
};

/** Of a route that sends bytes: what they are stands in their headers. */
const sent = { 200: z.unknown().describe('What was asked for.') };

function withCommonErrors(document: Parameters<typeof jsonSchemaTransform>[0]): typeof document {
  const { schema, url } = document;
  const response = {
    ...anywhere,
    ...(url.includes(':') && withParameters),
    ...((schema.body || schema.consumes) && withBody),
    ...(schema.response ?? sent),
  };
  return { ...document, schema: { ...schema, response } };
}

/** Multipart bodies are read as a stream and have no zod schema: what they hold is said here. */
const describeRoute: typeof jsonSchemaTransform = document => {
  const { schema, url } = jsonSchemaTransform(withCommonErrors(document));
  if (!schema.consumes?.includes('multipart/form-data')) return { schema, url };
  const body = {
    type: 'object',
    required: ['file'],
    properties: { file: { type: 'string', format: 'binary' } },
  };
  return { schema: { ...schema, body }, url };
};
