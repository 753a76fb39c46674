import type { OpenidSettings } from '../accounts/openid/openid-sign-in.ts';
import type { Config } from '../config.ts';

/** The provider to sign in with, where the settings name one. */
export function openidOf(config: Config): OpenidSettings | undefined {
  const {
    oidcIssuer,
    oidcClientId,
    oidcClientSecret,
    oidcName,
    oidcTrustEmail,
    oidcAllowedDomains,
    oidcRole,
  } = config;
  if (oidcIssuer === undefined || oidcClientId === undefined) return undefined;
  return {
    name: oidcName,
    client: {
      issuer: oidcIssuer,
      clientId: oidcClientId,
      clientSecret: oidcClientSecret,
      trustsEmail: oidcTrustEmail,
    },
    rules: { allowedDomains: oidcAllowedDomains, role: oidcRole },
  };
}
