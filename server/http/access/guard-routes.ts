import type { FastifyInstance, FastifyRequest, RouteOptions } from 'fastify';
import type { Permission } from '../../../contract/accounts/permissions.ts';
import { errorBody } from '../../../contract/errors.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import {
  anonymous,
  type Principal,
  requirePermission,
  userIdOf,
  workspaceOf,
} from '../../accounts/principal.ts';
import { type Asker, forAsker } from '../../database/isolation/for-workspace.ts';
import type { Db } from '../../database/open-database.ts';
import type { OpenRequests } from './open-requests.ts';

/*
 * Fastify's way to give its requests and routes fields of one's own. It is the exception from the rule against
 * declaration merging: a handler that takes `workspaceId` from its request can't take another one by mistake.
 */
declare module 'fastify' {
  interface FastifyRequest {
    /** On whose behalf it comes; of a route for anyone it is not looked for. */
    readonly principal: Principal;
    /** What it is about: every query of a route is within it. */
    readonly workspaceId: number;
    /** Whose chats it is about, there. */
    readonly asker: Asker;
    /** The database as that workspace has it, with the chats of who asks. */
    readonly db: Db;
  }
  interface FastifyContextConfig {
    /** What a request needs to be allowed; a route without it is not registered. */
    permission?: Permission;
  }
}

const principals = new WeakMap<FastifyRequest, Principal>();

type Parts = { db: Db; accounts: Pick<Accounts, 'resolve'>; openRequests: OpenRequests };

/**
 * From now on every route says in its `config` who may call it, and requests that may not come no further:
 * neither their body nor their parameters are looked at.
 */
export function guardRoutes(server: FastifyInstance, { db, accounts, openRequests }: Parts): void {
  server.decorateRequest('principal', {
    getter(this: FastifyRequest) {
      return principals.get(this) ?? anonymous;
    },
  });
  server.decorateRequest('workspaceId', {
    getter(this: FastifyRequest) {
      return workspaceOf(this.principal);
    },
  });
  server.decorateRequest('asker', {
    getter(this: FastifyRequest) {
      return { workspaceId: this.workspaceId, userId: userIdOf(this.principal) };
    },
  });
  server.decorateRequest('db', {
    getter(this: FastifyRequest) {
      return forAsker(db, this.asker);
    },
  });
  server.addHook('onRoute', route => {
    const permission = permissionOf(route);
    route.config = { ...route.config, permission };
    if (permission !== 'anyone') documentRefusals(route);
  });
  server.addHook('onRequest', async (request, reply) => {
    const { permission } = request.routeOptions.config;
    // Where there is no route there is nothing to guard.
    if (permission === undefined || permission === 'anyone') return;
    const principal = await accounts.resolve(credentialsOf(request));
    requirePermission(principal, permission);
    principals.set(request, principal);
    openRequests.track({ request, response: reply.raw, principal, permission });
  });
}

export const credentialsOf = ({ headers: { cookie, authorization } }: FastifyRequest) => ({
  cookie,
  authorization,
});

/** The pages that read the OpenAPI document come from a package, which declares nothing. */
const isOfDocs = (url: string) => /^\/api\/docs(\/|$)/.test(url);

function permissionOf({ config, method, url }: RouteOptions): Permission {
  if (config?.permission) return config.permission;
  if (isOfDocs(url)) return 'anyone';
  throw new Error(`${[method].flat().join(', ')} ${url}: its config says no permission.`);
}

function documentRefusals(route: RouteOptions): void {
  const { schema } = route;
  if (!schema || ('hide' in schema && schema.hide)) return;
  const response = typeof schema.response === 'object' ? schema.response : {};
  schema.response = { 401: errorBody, 403: errorBody, ...response };
}
