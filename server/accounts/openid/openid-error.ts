import type { SignInProblem } from '../../../contract/accounts/sign-in-problem.ts';

/** Signing in with the OpenID provider has failed; the message is for the log, and holds no secret. */
export class OpenidError extends Error {
  override name = 'OpenidError';
  readonly problem: SignInProblem;

  constructor(problem: SignInProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}
