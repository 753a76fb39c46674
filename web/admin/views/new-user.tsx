import { Button, Group, Modal, Text } from '@mantine/core';
import { useState } from 'react';
import { EmailField, NameField } from '../../accounts/fields.tsx';
import { ShownOnce } from '../../accounts/shown-once.tsx';
import { useForm } from '../../accounts/use-form.ts';
import { post } from '../../api/accounts.ts';
import { absoluteLink } from '../../api/root-path.ts';
import { useText } from '../../language/language-store.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { refreshAdministration } from '../table/use-rows.ts';

/** Makes a user, and the link with which they set their password. */
export function NewUser() {
  const a = useAdministrationText();
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button size="xs" onClick={() => setIsOpen(true)}>
        {a('users.new')}
      </Button>
      {isOpen && <NewUserDialog onClose={() => setIsOpen(false)} />}
    </>
  );
}

function NewUserDialog({ onClose }: { onClose: () => void }) {
  const t = useText();
  const a = useAdministrationText();
  const { onSubmit, isPending, error, data } = useForm(
    fields => post<{ link: string }>('user/', fields),
    () => void refreshAdministration(),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={a('users.new')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      centered
    >
      <Text size="sm" c="dimmed" mb="sm">
        {a('users.newHint')}
      </Text>
      <form onSubmit={onSubmit}>
        <EmailField />
        <NameField />
        {error && <ErrorNote error={error} />}
        <ShownOnce value={data && absoluteLink(data.link)} />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t('action.close')}
          </Button>
          <Button type="submit" loading={isPending}>
            {a('workspace.create')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
