import * as value from '../config-values.ts';

/** Settings that keep a server that many can reach alive and fair. */
export const protection = {
  trustedProxies: value.networkList().default([]).meta({
    shownDefault: 'none',
    description:
      'The addresses of the reverse proxies in front of Lectern. Only from them X-Forwarded-For, X-Forwarded-Host and X-Forwarded-Proto count; from anybody else they would be claims.',
  }),
  rateLimitRequests: value
    .wholeNumber({ min: 0, max: 1_000_000_000, unit: 'requests' })
    .default(6_000)
    .describe(
      'How many each address, user and API key may send a minute, all processes together; then they get 429 with Retry-After. 0 turns it off. The RATE_LIMIT settings leave alone what comes from this machine itself.',
    ),
  rateLimitUploads: value
    .wholeNumber({ min: 0, max: 1_000_000_000, unit: 'uploads' })
    .default(1_000)
    .describe('How many documents each address, user and API key may send a minute. 0 turns it off.'),
  rateLimitAnswers: value
    .wholeNumber({ min: 0, max: 1_000_000, unit: 'answers' })
    .default(200)
    .describe('How many each address, user and API key may have running at once. 0 turns it off.'),
  rateLimitTokens: value
    .wholeNumber({ min: 0, max: 1_000_000_000_000, unit: 'tokens' })
    .default(0)
    .describe(
      'How many tokens, of prompts and answers together, each address, user and API key may take each day (UTC). 0 turns it off; DAILY_TOKEN_BUDGET limits all together.',
    ),
  overloadRequests: value
    .wholeNumber({ min: 1, max: 1_000_000, unit: 'requests' })
    .default(3_000)
    .describe(
      'How many may wait for the beginning of their answer in one process; more get 503 with Retry-After at once.',
    ),
  overloadWaitSeconds: value
    .decimal({ min: 0.001, max: 3600, unit: 'seconds' })
    .default(60)
    .describe(
      'How long a question may have to wait for its search, as far as can be told; further ones get 503 with Retry-After at once.',
    ),
};
