import { Button, Checkbox, Group, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { type Scope, scopes } from '../../contract/accounts/permissions.ts';
import { post, refreshAccount, useList } from '../api/accounts.ts';
import { request } from '../api/request.ts';
import { useText } from '../language/language-store.ts';
import { useAdministrationText } from '../language/use-administration-text.ts';
import { useFormat } from '../language/use-format.ts';
import { ConfirmButton } from '../ui/confirm-button.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import styles from './accounts.module.css';
import { Card } from './card.tsx';
import { ShownOnce } from './shown-once.tsx';
import { useForm } from './use-form.ts';

/** The API keys of the workspace that are good. */
export function Keys() {
  const t = useText();
  const a = useAdministrationText();
  const { ago, dateTime } = useFormat();
  const { data, error } = useList('key/');
  const [chosen, choose] = useState<string[]>(['read', 'ask']);
  const revoke = useMutation({
    mutationFn: (id: number) => request(`key/${id}/`, { method: 'DELETE' }),
    onSettled: refreshAccount,
  });
  const create = useForm(
    ({ name, days }) =>
      post<{ secret: string }>('key/', { name, scopes: chosen, ...(days && { days: Number(days) }) }),
    () => void refreshAccount(),
  );
  const problem = error ?? revoke.error ?? create.error;
  const nameOf = (scope: Scope) => t(`scope.${scope}`);
  return (
    <Card title={t('account.keys')}>
      <ul className={styles.rows}>
        {data?.keys
          .filter(key => key.revoked_at === null)
          .map(({ id, name, prefix, scopes: granted, last_used_at: lastUse, expires_at: end }) => (
            <li key={id}>
              <span>
                {name} · <code>{prefix}…</code> · {granted.map(nameOf).join(', ')} ·{' '}
                {lastUse ? t('account.lastUse', { date: ago(lastUse) }) : t('account.neverUsed')}
                {end !== null && ` · ${a('key.until', { date: dateTime(end) })}`}
              </span>
              <ConfirmButton
                label={t('account.revoke')}
                accessibleLabel={a('key.revokeOf', { name })}
                question={a('key.revokeQuestion', { name })}
                onConfirm={() => revoke.mutate(id)}
              />
            </li>
          ))}
      </ul>
      <form onSubmit={create.onSubmit} className={styles.form}>
        <TextInput name="name" label={t('account.keyName')} required withAsterisk={false} maxLength={100} />
        <TextInput
          name="days"
          type="number"
          min={1}
          max={3_650}
          label={a('key.days')}
          description={a('key.daysHint')}
        />
        <Checkbox.Group label={t('account.scopes')} value={chosen} onChange={choose}>
          <Group mt={6}>
            {scopes.map(scope => (
              <Checkbox key={scope} value={scope} label={nameOf(scope)} />
            ))}
          </Group>
        </Checkbox.Group>
        <Group>
          <Button type="submit" variant="default" loading={create.isPending} disabled={chosen.length === 0}>
            {t('account.createKey')}
          </Button>
        </Group>
      </form>
      <ShownOnce value={create.data?.secret} />
      {problem && <ErrorNote error={problem} />}
    </Card>
  );
}
