import type { FastifyInstance } from 'fastify';
import type { Accounts } from '../accounts/accounts.ts';
import type { Db } from '../database/open-database.ts';
import type { OpenRequests } from '../http/access/open-requests.ts';
import { accountRoutes } from '../http/accounts/account-routes.ts';
import { authRoutes } from '../http/accounts/auth-routes.ts';
import { keyRoutes } from '../http/accounts/key-routes.ts';
import { linkRoutes } from '../http/accounts/link-routes.ts';
import { userRoutes } from '../http/accounts/user-routes.ts';
import { workspaceRoutes } from '../http/accounts/workspace-routes.ts';

type Parts = { db: Db; accounts: Accounts; openRequests: OpenRequests };

/** The routes of who uses the server. */
export async function registerAccountRoutes(server: FastifyInstance, parts: Parts): Promise<void> {
  await server.register(authRoutes(parts));
  await server.register(linkRoutes(parts));
  await server.register(accountRoutes(parts));
  await server.register(workspaceRoutes(parts));
  await server.register(keyRoutes(parts));
  await server.register(userRoutes(parts));
}
