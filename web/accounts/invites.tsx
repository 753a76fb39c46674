import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { roles } from '../../contract/accounts/permissions.ts';
import { post, refreshAccount, useList } from '../api/accounts.ts';
import { request } from '../api/request.ts';
import { absoluteLink } from '../api/root-path.ts';
import { useText } from '../language/language-store.ts';
import { useAdministrationText } from '../language/use-administration-text.ts';
import { useFormat } from '../language/use-format.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import styles from './accounts.module.css';
import { Card } from './card.tsx';
import { ShownOnce } from './shown-once.tsx';
import { useForm } from './use-form.ts';

/** Links for those who are to be members: those that are open, and a new one. */
export function Invites() {
  const t = useText();
  const a = useAdministrationText();
  const { dateTime } = useFormat();
  const { data, error } = useList('workspace/invite/');
  const revoke = useMutation({
    mutationFn: (id: number) => request(`workspace/invite/${id}/`, { method: 'DELETE' }),
    onSettled: refreshAccount,
  });
  const create = useForm(
    ({ days, ...fields }) =>
      post<{ link: string }>('workspace/invite/', { ...fields, ...(days && { days: Number(days) }) }),
    () => void refreshAccount(),
  );
  const problem = error ?? revoke.error ?? create.error;
  return (
    <Card title={a('invite.title')}>
      <ul className={styles.rows}>
        {data?.invites.map(({ id, role, email, expires_at: end }) => (
          <li key={id}>
            <span>
              {email ?? a('invite.anyone')} · {t(`role.${role}`)} · {a('key.until', { date: dateTime(end) })}
            </span>
            <Button
              size="compact-sm"
              variant="subtle"
              aria-label={a('invite.revokeOf', { name: email ?? a('invite.anyone') })}
              onClick={() => revoke.mutate(id)}
            >
              {a('invite.revoke')}
            </Button>
          </li>
        ))}
      </ul>
      <form onSubmit={create.onSubmit} className={styles.form}>
        <Group align="end" gap="xs" grow>
          <NativeSelect
            name="role"
            label={t('account.inviteAs')}
            data={roles.map(role => ({ value: role, label: t(`role.${role}`) }))}
            defaultValue="reader"
          />
          <TextInput name="days" type="number" min={1} max={30} defaultValue={7} label={a('invite.days')} />
        </Group>
        <TextInput
          name="email"
          type="email"
          label={t('account.email')}
          description={a('invite.emailHint')}
          autoComplete="off"
        />
        <Group>
          <Button type="submit" variant="default" loading={create.isPending}>
            {t('account.createInvite')}
          </Button>
        </Group>
      </form>
      <ShownOnce value={create.data && absoluteLink(create.data.link)} />
      {problem && <ErrorNote error={problem} />}
    </Card>
  );
}
