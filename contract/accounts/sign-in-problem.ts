/** Why signing in with the OpenID provider did not work, as the page is told: `#sign-in=expired`. */
export type SignInProblem =
  /** The provider can't be reached. */
  | 'unavailable'
  /** Whoever was to sign in there did not, or was refused. */
  | 'cancelled'
  /** What the provider answered does not hold. */
  | 'failed'
  /** It took too long, or was begun in another browser. */
  | 'expired'
  | 'email_unverified'
  /** Nobody here has this address, and new ones are not let in. */
  | 'unknown'
  /** The account with this address belongs to somebody else at the provider. */
  | 'other_identity'
  | 'disabled';
