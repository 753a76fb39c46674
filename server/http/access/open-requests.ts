import type { ServerResponse } from 'node:http';
import type { FastifyRequest } from 'fastify';
import type { Permission } from '../../../contract/accounts/permissions.ts';
import type { Accounts } from '../../accounts/accounts.ts';
import type { Principal } from '../../accounts/principal.ts';
import { isDatabaseAway } from '../../database/database-errors.ts';
import { RequestError } from '../../errors.ts';
import type { Logger } from '../../logger.ts';

/** What another process took away is noticed within this time. */
const RECHECK_MS = 10_000;

type OpenRequest = {
  request: FastifyRequest;
  response: ServerResponse;
  principal: Principal;
  permission: Permission;
};

/**
 * The requests that are being answered on somebody's behalf. One that goes on, as streams and downloads do,
 * ends when its key is revoked or its user disabled, signed out or removed.
 */
export class OpenRequests {
  readonly #accounts: Pick<Accounts, 'resolve'>;
  readonly #logger: Logger;
  readonly #open = new Set<OpenRequest>();
  #timer: NodeJS.Timeout | undefined;

  constructor(accounts: Pick<Accounts, 'resolve'>, logger: Logger) {
    this.#accounts = accounts;
    this.#logger = logger;
  }

  track(open: OpenRequest): void {
    if (open.principal.kind === 'local') return;
    this.#open.add(open);
    this.#timer ??= setInterval(() => void this.recheck(), RECHECK_MS).unref();
    open.response.once('close', () => {
      this.#open.delete(open);
      if (this.#open.size > 0) return;
      clearInterval(this.#timer);
      this.#timer = undefined;
    });
  }

  /**
   * Looks again at everybody whose requests are open and ends those that would be refused now.
   *
   * @param except the request that changed something: it is answered.
   */
  async recheck(except?: FastifyRequest): Promise<void> {
    const others = [...this.#open].filter(({ request }) => request !== except);
    const byCredentials = Map.groupBy(others, ({ request: { headers } }) =>
      JSON.stringify([headers.authorization, headers.cookie]),
    );
    await Promise.all([...byCredentials.values()].map(requests => this.#recheckAll(requests)));
  }

  async #recheckAll(requests: OpenRequest[]): Promise<void> {
    const { cookie, authorization } = requests[0]?.request.headers ?? {};
    try {
      const now = await this.#accounts.resolve({ cookie, authorization });
      for (const open of requests) if (!isStillAllowed(open, now)) open.response.destroy();
    } catch (error) {
      if (error instanceof RequestError) for (const { response } of requests) response.destroy();
      // Away for now: the next look may find it.
      else if (!isDatabaseAway(error))
        this.#logger.error({ err: error }, 'open requests could not be looked at again');
    }
  }
}

const isStillAllowed = ({ principal, permission }: OpenRequest, now: Principal) =>
  now.permissions.includes(permission) && now.workspaceId === principal.workspaceId;
