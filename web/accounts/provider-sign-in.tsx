import { Button, Divider } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { signInState } from '../../contract/accounts/accounts.ts';
import type { SignInProblem } from '../../contract/accounts/sign-in-problem.ts';
import { request } from '../api/request.ts';
import { apiUrl, rootPath } from '../api/root-path.ts';
import { useText } from '../language/language-store.ts';
import { ErrorNote } from '../ui/error-note.tsx';

/** Signing in with the OpenID provider, where there is one; and why it did not work when somebody comes back. */
export function ProviderSignIn() {
  const t = useText();
  const { data } = useQuery({
    queryKey: ['sign-in-state'],
    queryFn: () => request<z.infer<typeof signInState>>('auth/state/'),
  });
  if (!data?.provider) return null;
  const problem = problemIn(location.hash);
  return (
    <>
      {problem && <ErrorNote error={new Error(t(`signInProblem.${problem}`, { name: data.provider }))} />}
      <Button component="a" href={providerUrl()} variant="default">
        {t('account.signInWith', { name: data.provider })}
      </Button>
      <Divider label={t('account.or')} />
    </>
  );
}

/** Comes back to where one is. */
function providerUrl(): string {
  const here = `${location.pathname.slice(rootPath.length - 1)}${location.search}`;
  return apiUrl(`auth/openid/?return_to=${encodeURIComponent(here)}`);
}

const problems: Record<SignInProblem, true> = {
  unavailable: true,
  cancelled: true,
  failed: true,
  expired: true,
  email_unverified: true,
  unknown: true,
  other_identity: true,
  disabled: true,
};
const isProblem = (text: string): text is SignInProblem => Object.hasOwn(problems, text);

function problemIn(hash: string): SignInProblem | undefined {
  const [, text = ''] = /^#sign-in=(\w+)$/.exec(hash) ?? [];
  return isProblem(text) ? text : undefined;
}
