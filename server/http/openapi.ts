import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import type { FastifyInstance } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
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
    transform: describeUploads,
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

/** Multipart bodies are read as a stream and have no zod schema: what they hold is said here. */
const describeUploads: typeof jsonSchemaTransform = document => {
  const { schema, url } = jsonSchemaTransform(document);
  if (!schema.consumes?.includes('multipart/form-data')) return { schema, url };
  const body = {
    type: 'object',
    required: ['file'],
    properties: { file: { type: 'string', format: 'binary' } },
  };
  return { schema: { ...schema, body }, url };
};
