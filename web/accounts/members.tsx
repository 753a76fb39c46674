import { Button, Group, NativeSelect } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type Role, roles } from '../../contract/accounts/permissions.ts';
import { post, refreshAccount, useAccount, useList } from '../api/accounts.ts';
import { request } from '../api/request.ts';
import { rootPath } from '../api/root-path.ts';
import { useText } from '../language/language-store.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import styles from './accounts.module.css';
import { Card } from './card.tsx';
import { ShownOnce } from './shown-once.tsx';
import { useForm } from './use-form.ts';

type Change = { id: number; role: Role | undefined };

/** Who is in the workspace, and links for those who are to be. */
export function Members() {
  const t = useText();
  const { data, error } = useList('workspace/member/');
  const { data: account } = useAccount();
  const change = useMutation({
    mutationFn: ({ id, role }: Change) =>
      request(`workspace/member/${id}/`, role ? { method: 'PATCH', body: { role } } : { method: 'DELETE' }),
    onSettled: refreshAccount,
  });
  const invite = useForm(fields => post<{ link: string }>('workspace/invite/', fields));
  const problem = error ?? change.error ?? invite.error;
  const choices = roles.map(role => ({ value: role, label: t(`role.${role}`) }));
  return (
    <Card title={t('account.members')}>
      <ul className={styles.rows}>
        {data?.members.map(({ user_id: id, name, email, role }) => (
          <li key={id}>
            <span>
              {name} ({email})
            </span>
            <Group gap="xs" wrap="nowrap">
              <NativeSelect
                size="xs"
                aria-label={t('account.roleOf', { name })}
                data={choices}
                value={role}
                onChange={event => change.mutate({ id, role: event.currentTarget.value as Role })}
              />
              {id !== account?.user?.id && (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  onClick={() => change.mutate({ id, role: undefined })}
                >
                  {t('account.remove')}
                </Button>
              )}
            </Group>
          </li>
        ))}
      </ul>
      <form onSubmit={invite.onSubmit}>
        <Group align="end" gap="xs">
          <NativeSelect name="role" label={t('account.inviteAs')} data={choices} defaultValue="reader" />
          <Button type="submit" variant="default" loading={invite.isPending}>
            {t('account.createInvite')}
          </Button>
        </Group>
      </form>
      <ShownOnce value={invite.data && new URL(rootPath + invite.data.link.slice(1), location.href).href} />
      {problem && <ErrorNote error={problem} />}
    </Card>
  );
}
