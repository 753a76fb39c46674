import { createHash } from 'node:crypto';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { pagePaths } from '../../contract/pages.ts';
import { NotFoundError } from '../errors.ts';
import type { Page } from '../page/provide-page.ts';

const hide = { config: { permission: 'anyone' as const }, schema: { hide: true } };
/** Assets have the hash of their content in their names. */
const assetCaching = { immutable: true, maxAge: '365d', cacheControl: true } as const;

/** The web page: its HTML under every address of a view, and its assets. */
export function pageRoutes(page: Page): FastifyPluginAsyncZod {
  return async app => {
    await app.register(fastifyStatic, { serve: false, preCompressed: true });
    for (const path of pagePaths) app.get(path, hide, (request, reply) => sendPage(page, request, reply));
    app.get(
      '/assets/*',
      { config: { permission: 'anyone' }, schema: { hide: true, params: z.object({ '*': z.string() }) } },
      async (request, reply) => {
        const built = await page.state();
        if (built.state !== 'ready') throw new NotFoundError('page');
        return reply.sendFile(request.params['*'], join(built.folder, 'assets'), assetCaching);
      },
    );
  };
}

/** The page under an address that is none of its views: it says so itself. */
export const sendLostPage = (page: Page) => (request: FastifyRequest, reply: FastifyReply) =>
  sendPage(page, request, reply.status(404));

async function sendPage(page: Page, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  reply.header('content-type', 'text/html; charset=utf-8').header('cache-control', 'no-cache');
  const built = await page.state();
  if (built.state !== 'ready')
    return reply
      .status(503)
      .header('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'")
      .send(built.state === 'building' ? preparing : failed);
  return reply
    .header('content-security-policy', contentPolicy(built.html))
    .send(relativeTo(request.url, built.html));
}

/**
 * The HTML names its assets as `./assets/…`. Under `/chat/1` that is one folder further up: relative addresses
 * make the page work under any prefix that a proxy in front takes away.
 */
function relativeTo(url: string, html: string): string {
  const folders = new URL(url, 'http://localhost').pathname.split('/').length - 2;
  return folders === 0 ? html : html.replaceAll('"./', `"${'../'.repeat(folders)}`);
}

const policies = new Map<string, string>();

/**
 * Nothing but this server, and of scripts in the page only the one that sets the colours before anything is
 * shown. Styles in attributes and elements are how the components place things.
 */
function contentPolicy(html: string): string {
  const known = policies.get(html);
  if (known) return known;
  const hashes = [...html.matchAll(/<script>([\s\S]*?)<\/script>/g)].map(
    ([, script = '']) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`,
  );
  const policy = [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(' ')}`.trim(),
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
  policies.set(html, policy);
  return policy;
}

const message = (text: string, head = '') => `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${head}<title>Lectern</title>
<style>
  :root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
  body { max-width: 34rem; margin: 30vh auto; padding: 0 1.25rem; text-align: center; }
</style>
<main><h1>Lectern</h1>${text}</main>
</html>
`;

const links =
  '<p>The <a href="./api/docs/">API</a> is ready meanwhile, and so is the command line: <code>npx lectern --help</code>.</p>';
const preparing = message(
  `<p role="status">The page is being prepared for the first time. It opens by itself in a few seconds.</p>${links}`,
  '<meta http-equiv="refresh" content="1">\n',
);
const failed = message(`<p role="alert">The page could not be built; the log says why.</p>${links}`);
