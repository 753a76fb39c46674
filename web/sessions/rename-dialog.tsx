import { Button, Group, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useText } from '../language/language-store.ts';

type Props = { title: string; onClose: () => void; onSave: (title: string) => void };

/** Gives a chat another title. */
export default function RenameDialog({ title, onClose, onSave }: Props) {
  const t = useText();
  const [value, setValue] = useState(title);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('sessions.rename')}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      centered
    >
      <form
        onSubmit={event => {
          event.preventDefault();
          if (value.trim() !== '') onSave(value.trim());
        }}
      >
        <TextInput
          label={t('sessions.title')}
          value={value}
          onChange={event => setValue(event.currentTarget.value)}
          maxLength={200}
          data-autofocus
        />
        <Group justify="flex-end" mt="md">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={value.trim() === ''}>
            {t('action.save')}
          </Button>
        </Group>
      </form>
    </Modal>
  );
}
