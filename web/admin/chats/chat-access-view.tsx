import { Alert, Button, Group, Text, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import type { z } from 'zod';
import type { chatAccessList } from '../../../contract/administration/chats.ts';
import accounts from '../../accounts/accounts.module.css';
import { Card } from '../../accounts/card.tsx';
import { useForm } from '../../accounts/use-form.ts';
import { post } from '../../api/accounts.ts';
import { request } from '../../api/request.ts';
import { useText } from '../../language/language-store.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { IconAlertTriangle } from '../../ui/icons.ts';
import { refreshAdministration } from '../table/use-rows.ts';
import { ViewHead } from '../view-head.tsx';
import styles from './chats.module.css';

type AccessList = z.infer<typeof chatAccessList>;

/** Which administrators of the server may look at the chats of the workspace: none, unless an owner says so here. */
export default function ChatAccessView() {
  const t = useText();
  const a = useAdministrationText();
  const { dateTime } = useFormat();
  const { data, error } = useQuery({
    queryKey: ['administration', 'chat-access'],
    queryFn: ({ signal }) => request<AccessList>('admin/chat-access/', { signal }),
  });
  const give = useForm(
    ({ days, ...fields }) => post('admin/chat-access/', { ...fields, ...(days && { days: Number(days) }) }),
    () => void refreshAdministration(),
  );
  const take = useMutation({
    mutationFn: (id: number) => request(`admin/chat-access/${id}/`, { method: 'DELETE' }),
    onSettled: refreshAdministration,
  });
  const problem = error ?? take.error;
  return (
    <div className={`${styles.scroller} scroll`}>
      <ViewHead title={a('admin.chatAccess')} text={a('access.text')} />
      {problem && <ErrorNote error={problem} />}
      <div className={accounts.cards}>
        <Card title={a('access.list')}>
          {data?.access.length === 0 && (
            <Text size="sm" c="dimmed">
              {a('access.none')}
            </Text>
          )}
          <ul className={accounts.rows}>
            {data?.access.map(({ user_id: id, name, email, reason, expires_at: end }) => (
              <li key={id}>
                <span>
                  {name} ({email}) · {reason} · {a('key.until', { date: dateTime(end) })}
                </span>
                <Button
                  size="compact-sm"
                  variant="subtle"
                  aria-label={a('access.takeFrom', { name })}
                  onClick={() => take.mutate(id)}
                >
                  {a('access.take')}
                </Button>
              </li>
            ))}
          </ul>
        </Card>
        <Card title={a('access.give')}>
          <Alert color="yellow" variant="light" mb="md" icon={<IconAlertTriangle size={18} />}>
            <Text size="sm">{a('access.warning')}</Text>
          </Alert>
          <form onSubmit={give.onSubmit} className={accounts.form}>
            <TextInput
              name="email"
              type="email"
              label={a('access.email')}
              autoComplete="off"
              required
              withAsterisk={false}
            />
            <TextInput
              name="reason"
              label={a('access.reason')}
              description={a('access.reasonHint')}
              required
              withAsterisk={false}
              maxLength={500}
            />
            <TextInput name="days" type="number" min={1} max={90} defaultValue={7} label={a('invite.days')} />
            {give.error && <ErrorNote error={give.error} />}
            <Group>
              <Button type="submit" variant="default" loading={give.isPending}>
                {t('action.save')}
              </Button>
            </Group>
          </form>
        </Card>
      </div>
    </div>
  );
}
