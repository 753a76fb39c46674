/** What limits requests and answers, alone or together with the other processes of a native database. */
import type { Config } from '../config.ts';
import type { OpenDatabase } from '../database/open-database.ts';
import { createAnswerLimits } from '../http/limits/limit-answers.ts';
import { type LimitName, type Policy, RateLimiter } from '../limiting/rate-limiter.ts';
import { RunningLimiter } from '../limiting/running-limiter.ts';
import { addSpent, forgetExpired, forgetRunning, shareRunning } from '../limiting/spending-store.ts';
import type { Logger } from '../logger.ts';

const TIDY_MS = 300_000;

type Parts = { database: OpenDatabase; owner: string; logger: Logger };

export function createLimits(config: Config, { database: { db, kind }, owner, logger }: Parts) {
  const isShared = kind === 'native';
  const limiter = new RateLimiter({
    policies: policiesOf(config),
    settle: isShared ? rows => addSpent(db, rows) : undefined,
    logger,
  });
  const running = new RunningLimiter({
    get limit() {
      return config.rateLimitAnswers || undefined;
    },
    share: isShared ? counts => shareRunning(db, owner, counts) : undefined,
    logger,
  });
  const tidy = () =>
    forgetExpired(db).catch(error => logger.warn({ err: error }, 'old limits could not be forgotten'));
  const timer = isShared ? setInterval(tidy, TIDY_MS).unref() : undefined;
  return {
    limiter,
    limitAnswers: createAnswerLimits(limiter, running),
    /** A process with this owner's name has died. */
    releaseDead: (dead: string) => (isShared ? forgetRunning(db, dead) : Promise.resolve()),
    async close() {
      clearInterval(timer);
      await limiter.close();
      await running.close();
    },
  };
}

/** As the settings are at the moment; 0 is no limit. */
function policiesOf(config: Config): { readonly [Name in LimitName]: Policy | undefined } {
  const policy = (limit: number, windowSeconds: number) => (limit > 0 ? { limit, windowSeconds } : undefined);
  return {
    get requests() {
      return policy(config.rateLimitRequests, 60);
    },
    get uploads() {
      return policy(config.rateLimitUploads, 60);
    },
    get tokens() {
      return policy(config.rateLimitTokens, 86_400);
    },
  };
}
