import type { FastifyRequest } from 'fastify';
import type { ClaimAnswer } from '../../chat/answering/answer-desk.ts';
import { RequestError } from '../../errors.ts';
import type { RateLimiter } from '../../limiting/rate-limiter.ts';
import type { RunningLimiter } from '../../limiting/running-limiter.ts';
import { beyondLimit } from './limit-requests.ts';
import { addressSubjects, principalSubjects } from './request-subjects.ts';

const RETRY_AFTER_SECONDS = 5;

/** The place that a request's answer takes among those that its sender may have running, and its tokens of the day. */
export type LimitAnswers = (request: FastifyRequest) => ClaimAnswer;

export function createAnswerLimits(limiter: RateLimiter, running: RunningLimiter): LimitAnswers {
  return request => async () => {
    const subjects = [...addressSubjects(request), ...principalSubjects(request)];
    for (const subject of subjects) {
      const tokens = limiter.look(subject, 'tokens');
      if (tokens && !tokens.isAllowed) throw beyondLimit(tokens);
    }
    const ends: (() => void)[] = [];
    const endAll = () => {
      for (const end of ends) end();
    };
    for (const subject of subjects) {
      const end = await running.begin(subject);
      if (end) ends.push(end);
      else {
        endAll();
        throw new RequestError(
          'rate_limited',
          'You have as many answers running as are allowed at once. Wait for one to end, or stop it.',
          { retryAfterSeconds: RETRY_AFTER_SECONDS, extra: { limit: 'answers' } },
        );
      }
    }
    return tokens => {
      endAll();
      for (const subject of subjects) limiter.charge(subject, 'tokens', tokens);
    };
  };
}
