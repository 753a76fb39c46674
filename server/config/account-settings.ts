/** The settings of who uses the server, as config-schema.ts groups them. */
import { roles } from '../../contract/accounts/permissions.ts';
import * as value from '../config-values.ts';

export const accounts = {
  publicUrl: value.baseUrl().optional().meta({
    shownDefault: 'none',
    description:
      'The address under which people reach the server, such as `https://lectern.example.com`: links begin with it, and its host is one of ALLOWED_HOSTS.',
  }),
  lecternApiKey: value
    .apiKey()
    .optional()
    .describe('The API key that the command line sends to a server where one has to sign in.'),
  oidcIssuer: value.issuer().optional().meta({
    shownDefault: 'passwords only',
    description:
      'People may also sign in with the OpenID Connect provider of this issuer, whose `/.well-known/openid-configuration` is read. Register `PUBLIC_URL/api/auth/openid/callback/` there as the redirect address.',
  }),
  oidcClientId: value
    .text('the client id that the provider gave')
    .optional()
    .describe('The name of this Lectern at the provider; required together with OIDC_ISSUER.'),
  oidcClientSecret: value
    .apiKey()
    .optional()
    .describe('Its secret there; a public client has none. PKCE is used in both cases.'),
  oidcName: value
    .text('a name')
    .default('OpenID Connect')
    .describe('What the page calls the provider: “Sign in with …”.'),
  oidcAllowedDomains: value.domainList().default([]).meta({
    shownDefault: 'nobody new',
    description:
      'Who has no account yet gets one at their first sign-in with the provider when their verified e-mail address is of one of these domains; `*` for any address. Others need an account with their address before.',
  }),
  oidcTrustEmail: value
    .flag()
    .default(false)
    .describe(
      'Takes an e-mail address for verified when the provider does not say whether it is (`email_verified`), as Microsoft Entra ID never does. Only for a provider all of whose addresses somebody you trust has given, such as a tenant of your own: elsewhere anybody could claim the address of one of your accounts. What the provider says is not verified is refused all the same.',
    ),
  oidcRole: value
    .oneOf(roles)
    .default('reader')
    .describe('The role of those new ones in the first workspace.'),
};
