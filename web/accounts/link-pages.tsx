import { Button, Loader } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import type { z } from 'zod';
import type { inviteDescription, signInState } from '../../contract/accounts/accounts.ts';
import { post, startAnew } from '../api/accounts.ts';
import { request } from '../api/request.ts';
import { useText } from '../language/language-store.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import styles from './accounts.module.css';
import { EmailField, NameField, NewPasswordField } from './fields.tsx';
import { FrontFrame } from './front-frame.tsx';
import { useForm } from './use-form.ts';

/** What the links lead to; each carries its token behind the #, which browsers send to nobody. */
export default function LinkPage({ of }: { of: 'set-up' | 'invite' | 'reset' }) {
  const token = useToken();
  if (of === 'set-up') return <SetUp token={token} />;
  return of === 'invite' ? <Invite token={token} /> : <Reset token={token} />;
}

const useToken = () => location.hash.slice(1);

/** To the start, where one signs in with what was just made. */
function useGoHome(): () => void {
  const navigate = useNavigate();
  return () => {
    startAnew(true);
    void navigate('/', { replace: true });
  };
}

function SetUp({ token }: { token: string }) {
  const t = useText();
  return (
    <FrontFrame title={t('account.setUp')} text={t('account.setUpText')}>
      <SetUpForm token={token} />
    </FrontFrame>
  );
}

/** Makes the first administrator, who then is signed in. */
export function SetUpForm({ token }: { token?: string }) {
  const t = useText();
  const goHome = useGoHome();
  const { onSubmit, isPending, error } = useForm(async ({ email, password, ...fields }) => {
    await post('auth/set-up/', { ...fields, email, password, ...(token && { token }) });
    return post('auth/sign-in/', { email, password });
  }, goHome);
  return (
    <form onSubmit={onSubmit} className={styles.form}>
      <EmailField />
      <NameField />
      <NewPasswordField />
      {error && <ErrorNote error={error} />}
      <Button type="submit" loading={isPending}>
        {t('account.create')}
      </Button>
    </form>
  );
}

function Invite({ token }: { token: string }) {
  const t = useText();
  const goHome = useGoHome();
  const invite = useQuery({
    queryKey: ['invite', token],
    queryFn: () => post<z.infer<typeof inviteDescription>>('auth/invite/', { token }),
  });
  const state = useQuery({
    queryKey: ['sign-in-state'],
    queryFn: () => request<z.infer<typeof signInState>>('auth/state/'),
  });
  const isSignedIn = state.data?.sign_in === 'required' && state.data.signed_in;
  const { onSubmit, isPending, error } = useForm(async ({ email, password, ...fields }) => {
    if (isSignedIn) return post('auth/accept-invite/', { token });
    await post('auth/accept-invite/', { token, ...fields, email, password });
    return post('auth/sign-in/', { email, password });
  }, goHome);
  const text =
    invite.data &&
    t('account.inviteText', { workspace: invite.data.workspace, role: t(`role.${invite.data.role}`) });
  return (
    <FrontFrame title={t('account.invite')} text={text}>
      {invite.error && <ErrorNote error={invite.error} />}
      {(invite.isPending || state.isPending) && <Loader aria-label={t('loading')} />}
      {invite.data && state.data && (
        <form onSubmit={onSubmit} className={styles.form}>
          {!isSignedIn && (
            <>
              <EmailField value={invite.data.email ?? undefined} />
              <NameField />
              <NewPasswordField />
            </>
          )}
          {error && <ErrorNote error={error} />}
          <Button type="submit" loading={isPending}>
            {t('account.join')}
          </Button>
        </form>
      )}
    </FrontFrame>
  );
}

function Reset({ token }: { token: string }) {
  const t = useText();
  const goHome = useGoHome();
  const { onSubmit, isPending, error } = useForm(
    ({ password }) => post('auth/reset/', { token, password }),
    goHome,
  );
  return (
    <FrontFrame title={t('account.reset')}>
      <form onSubmit={onSubmit} className={styles.form}>
        <NewPasswordField />
        {error && <ErrorNote error={error} />}
        <Button type="submit" loading={isPending}>
          {t('action.save')}
        </Button>
      </form>
    </FrontFrame>
  );
}
