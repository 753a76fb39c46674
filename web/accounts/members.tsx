import { Group, NativeSelect, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type Role, roles } from '../../contract/accounts/permissions.ts';
import { refreshAccount, useAccount, useList } from '../api/accounts.ts';
import { request } from '../api/request.ts';
import { useText } from '../language/language-store.ts';
import { useAdministrationText } from '../language/use-administration-text.ts';
import { ConfirmButton } from '../ui/confirm-button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import styles from './accounts.module.css';
import { Card } from './card.tsx';

type Change = { id: number; role: Role | undefined };

/** Who is in the workspace, and as what. */
export function Members() {
  const t = useText();
  const a = useAdministrationText();
  const { data, error } = useList('workspace/member/');
  const { data: account } = useAccount();
  const change = useMutation({
    mutationFn: ({ id, role }: Change) =>
      request(`workspace/member/${id}/`, role ? { method: 'PATCH', body: { role } } : { method: 'DELETE' }),
    onSettled: refreshAccount,
  });
  const problem = error ?? change.error;
  const choices = roles.map(role => ({ value: role, label: t(`role.${role}`) }));
  return (
    <Card title={t('account.members')}>
      <ul className={styles.rows}>
        {data?.members.map(({ user_id: id, name, email, role, disabled }) => (
          <li key={id}>
            <span>
              {name} ({email})
              {disabled && (
                <Text span size="sm" c="dimmed">
                  {' '}
                  · {a('user.disabled')}
                </Text>
              )}
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
                <ConfirmButton
                  label={t('account.remove')}
                  accessibleLabel={a('member.removeOf', { name })}
                  question={a('member.removeQuestion', { name })}
                  onConfirm={() => change.mutate({ id, role: undefined })}
                />
              )}
            </Group>
          </li>
        ))}
      </ul>
      {problem && <ErrorNote error={problem} />}
    </Card>
  );
}
