import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useForm } from '../../accounts/use-form.ts';
import { post, refreshAccount } from '../../api/accounts.ts';
import { useText } from '../../language/language-store.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { ErrorNote } from '../../ui/error-note.tsx';
import { refreshAdministration } from '../table/use-rows.ts';

/** Makes a workspace, which one then owns. */
export function NewWorkspace() {
  const t = useText();
  const a = useAdministrationText();
  const [isOpen, setIsOpen] = useState(false);
  const { onSubmit, isPending, error } = useForm(
    fields => post('workspace/', fields),
    () => {
      setIsOpen(false);
      void refreshAdministration();
      void refreshAccount();
    },
  );
  return (
    <>
      <Button size="xs" onClick={() => setIsOpen(true)}>
        {a('workspace.create')}
      </Button>
      <Modal
        opened={isOpen}
        onClose={() => setIsOpen(false)}
        title={a('workspace.new')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
        centered
      >
        <form onSubmit={onSubmit}>
          <TextInput
            name="name"
            label={t('account.name')}
            description={a('workspace.ownerHint')}
            required
            withAsterisk={false}
            maxLength={100}
            data-autofocus
          />
          {error && <ErrorNote error={error} />}
          <Group justify="flex-end" mt="md">
            <Button variant="default" onClick={() => setIsOpen(false)}>
              {t('action.cancel')}
            </Button>
            <Button type="submit" loading={isPending}>
              {a('workspace.create')}
            </Button>
          </Group>
        </form>
      </Modal>
    </>
  );
}
