import { Button, Group, Skeleton, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { type Account, post, startAnew, useAccount } from '../api/accounts.ts';
import { useText } from '../language/language-store.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { PageFrame } from '../ui/page-frame.tsx';
import styles from './accounts.module.css';
import { Card } from './card.tsx';
import { NewPasswordField, PasswordField } from './fields.tsx';
import { Invites } from './invites.tsx';
import { Keys } from './keys.tsx';
import { SetUpForm } from './link-pages.tsx';
import { Members } from './members.tsx';
import { SecondFactor } from './second-factor/second-factor.tsx';
import { useForm } from './use-form.ts';
import { Workspace } from './workspace.tsx';

/** One's own account, and for owners who else may use the workspace. */
export default function AccountPage() {
  const t = useText();
  const { data: account, error } = useAccount();
  return (
    <PageFrame title={t('account.title')} text={t('account.text')}>
      {error && <ErrorNote error={error} />}
      {!account && !error && <Skeleton h={280} />}
      {account && (
        <div className={styles.cards}>
          {account.user ? <Who account={account} /> : <Open />}
          {account.user && <Password />}
          {account.user && <SecondFactor isOn={account.user.second_factor} />}
          {account.user && <Workspace account={account} />}
          {account.user && account.permissions.includes('manage') && <Members />}
          {account.user && account.permissions.includes('manage') && <Invites />}
          {account.permissions.includes('manage') && <Keys />}
        </div>
      )}
    </PageFrame>
  );
}

/** Without accounts: how to begin to have them. */
function Open() {
  const t = useText();
  return (
    <Card title={t('account.setUp')}>
      <Text size="sm" c="dimmed" mb="md">
        {t('account.openText')}
      </Text>
      <SetUpForm />
    </Card>
  );
}

function Who({ account: { user } }: { account: Account }) {
  const t = useText();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: (path: string) => post(path),
    onSuccess: () => {
      void navigate('/');
      startAnew(false);
    },
  });
  return (
    <Card title={user?.name ?? ''}>
      <Text size="sm" c="dimmed" mb="md">
        {user?.email}
      </Text>
      {leave.error && <ErrorNote error={leave.error} />}
      <Group gap="xs">
        <Button variant="default" onClick={() => leave.mutate('auth/sign-out/')} loading={leave.isPending}>
          {t('account.signOut')}
        </Button>
        <Button variant="subtle" onClick={() => leave.mutate('account/sign-out-everywhere/')}>
          {t('account.signOutEverywhere')}
        </Button>
      </Group>
    </Card>
  );
}

function Password() {
  const t = useText();
  const { onSubmit, isPending, error, data } = useForm(fields => post('account/password/', fields));
  return (
    <Card title={t('account.changePassword')}>
      <form onSubmit={onSubmit} className={styles.form}>
        <PasswordField name="current_password" label={t('account.currentPassword')} />
        <NewPasswordField name="new_password" />
        <div role="status">{data !== undefined && <Text size="sm">{t('account.passwordChanged')}</Text>}</div>
        {error && <ErrorNote error={error} />}
        <Group>
          <Button type="submit" variant="default" loading={isPending}>
            {t('action.save')}
          </Button>
        </Group>
      </form>
    </Card>
  );
}
