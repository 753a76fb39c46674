import { Button, Group, NativeSelect, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { type Account, post, refreshAccount, startAnew } from '../api/accounts.ts';
import { request } from '../api/request.ts';
import { useText } from '../language/language-store.ts';
import { useAdministrationText } from '../language/use-administration-text.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import styles from './accounts.module.css';
import { Card } from './card.tsx';
import { useForm } from './use-form.ts';

/** Which workspace one works in; its name for owners; a new one for administrators. */
export function Workspace({ account }: { account: Account }) {
  const t = useText();
  return (
    <Card title={t('account.workspace')}>
      <div className={styles.form}>
        <Switch account={account} />
        {account.workspace && account.permissions.includes('manage') && (
          <Rename key={account.workspace.id} name={account.workspace.name} />
        )}
        {account.permissions.includes('administer') && <Create />}
      </div>
    </Card>
  );
}

function Switch({ account: { workspace, role, workspaces } }: { account: Account }) {
  const t = useText();
  const a = useAdministrationText();
  const navigate = useNavigate();
  const turn = useMutation({
    mutationFn: (id: number) => post('account/workspace/', { workspace_id: id }),
    onSuccess: () => {
      void navigate('/');
      startAnew(true);
    },
  });
  return (
    <>
      <NativeSelect
        label={a('workspace.switch')}
        description={role ? t(`role.${role}`) : a('workspace.none')}
        value={String(workspace?.id ?? '')}
        onChange={event => turn.mutate(Number(event.currentTarget.value))}
        disabled={workspaces.length === 0 || turn.isPending}
        data={[
          ...(workspace ? [] : [{ value: '', label: '–' }]),
          ...workspaces.map(({ id, name }) => ({ value: String(id), label: name })),
        ]}
      />
      {turn.error && <ErrorNote error={turn.error} />}
    </>
  );
}

function Rename({ name }: { name: string }) {
  const t = useText();
  const a = useAdministrationText();
  const { mutate, isPending, error } = useMutation({
    mutationFn: (next: string) => request('workspace/', { method: 'PATCH', body: { name: next } }),
    onSuccess: refreshAccount,
  });
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        mutate(String(new FormData(event.currentTarget).get('name')));
      }}
    >
      <Group align="end" gap="xs" wrap="nowrap">
        <TextInput
          name="name"
          label={a('workspace.name')}
          defaultValue={name}
          required
          withAsterisk={false}
          maxLength={100}
          style={{ flex: 1 }}
        />
        <Button type="submit" variant="default" loading={isPending}>
          {t('sessions.rename')}
        </Button>
      </Group>
      {error && <ErrorNote error={error} />}
    </form>
  );
}

function Create() {
  const a = useAdministrationText();
  const navigate = useNavigate();
  const { onSubmit, isPending, error } = useForm(
    async ({ name }) => {
      const { id } = await post<{ id: number }>('workspace/', { name });
      return post('account/workspace/', { workspace_id: id });
    },
    () => {
      void navigate('/');
      startAnew(true);
    },
  );
  return (
    <form onSubmit={onSubmit}>
      <Group align="end" gap="xs" wrap="nowrap">
        <TextInput
          name="name"
          label={a('workspace.new')}
          description={a('workspace.newHint')}
          required
          withAsterisk={false}
          maxLength={100}
          style={{ flex: 1 }}
        />
        <Button type="submit" variant="default" loading={isPending}>
          {a('workspace.create')}
        </Button>
      </Group>
      {error && <ErrorNote error={error} />}
    </form>
  );
}
