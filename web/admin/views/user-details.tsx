import { Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import { ShownOnce } from '../../accounts/shown-once.tsx';
import { post, refreshAccount, useAccount } from '../../api/accounts.ts';
import { request } from '../../api/request.ts';
import { absoluteLink } from '../../api/root-path.ts';
import { useText } from '../../language/language-store.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { ConfirmButton } from '../../ui/confirm-button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { FactList } from '../row/fact-list.tsx';
import { refreshAdministration } from '../table/use-rows.ts';
import { type User, UserState } from './user-state.tsx';

/** A user: what is known of them, and what can be done for or against them. */
export function UserDetails({ user }: { user: User }) {
  const t = useText();
  const a = useAdministrationText();
  const { dateTime } = useFormat();
  return (
    <Stack>
      <FactList
        facts={[
          [t('account.email'), user.email],
          [t('account.name'), user.name],
          [a('table.number'), user.id],
          [a('table.state'), <UserState key="state" user={user} />],
          [a('factor.title'), a(user.second_factor ? 'word.yes' : 'word.no')],
          [a('table.created'), dateTime(user.created_at)],
          [a('users.signedIn'), user.signed_in_at && dateTime(user.signed_in_at)],
          [
            a('admin.workspaces'),
            user.workspaces.length > 0 &&
              user.workspaces.map(({ id, name, role }) => (
                <div key={id}>
                  <Link to={`/admin/workspaces/${id}`}>{name}</Link> · {t(`role.${role}`)}
                </div>
              )),
          ],
          [
            a('admin.auditLog'),
            <Link key="log" to={`/admin/server/audit-log?user=${encodeURIComponent(user.email)}`}>
              {a('user.whatTheyDid')}
            </Link>,
          ],
        ]}
      />
      <UserActions user={user} />
    </Stack>
  );
}

type Change = { disabled?: boolean; is_admin?: boolean };

function UserActions({ user: { id, name, disabled, is_admin: isAdmin } }: { user: User }) {
  const t = useText();
  const a = useAdministrationText();
  const { data: account } = useAccount();
  const change = useMutation({
    mutationFn: (body: Change) => request(`user/${id}/`, { method: 'PATCH', body }),
    onSettled: async () => {
      await Promise.all([refreshAdministration(), refreshAccount()]);
    },
  });
  const reset = useMutation({ mutationFn: () => post<{ link: string }>(`user/${id}/reset-link/`) });
  const signOut = useMutation({
    mutationFn: () => post(`user/${id}/sign-out/`),
    onSuccess: refreshAdministration,
  });
  const error = change.error ?? reset.error ?? signOut.error;
  const isSelf = account?.user?.id === id;
  return (
    <>
      <Group gap="xs">
        {disabled ? (
          <Button size="xs" variant="default" onClick={() => change.mutate({ disabled: false })}>
            {a('user.enable')}
          </Button>
        ) : (
          !isSelf && (
            <ConfirmButton
              size="xs"
              variant="default"
              label={a('user.disable')}
              question={a('user.disableQuestion', { name })}
              onConfirm={() => change.mutate({ disabled: true })}
            />
          )
        )}
        <ConfirmButton
          size="xs"
          variant="default"
          label={a(isAdmin ? 'user.takeAdministration' : 'user.giveAdministration')}
          question={a(isAdmin ? 'user.takeAdministrationQuestion' : 'user.giveAdministrationQuestion', {
            name,
          })}
          onConfirm={() => change.mutate({ is_admin: !isAdmin })}
        />
        <Button size="xs" variant="default" loading={signOut.isPending} onClick={() => signOut.mutate()}>
          {t('account.signOutEverywhere')}
        </Button>
        <Button size="xs" variant="default" loading={reset.isPending} onClick={() => reset.mutate()}>
          {a('user.resetLink')}
        </Button>
      </Group>
      <div role="status">{signOut.isSuccess && <Text size="sm">{a('user.signedOut')}</Text>}</div>
      <Text size="xs" c="dimmed">
        {a('user.resetHint')}
      </Text>
      <ShownOnce value={reset.data && absoluteLink(reset.data.link)} />
      {error && <ErrorNote error={error} />}
    </>
  );
}
