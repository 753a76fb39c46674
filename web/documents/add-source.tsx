import { Button, Group, Modal, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { refreshDocuments } from '../api/documents.ts';
import { request } from '../api/request.ts';
import { useText } from '../language/language-store.ts';
import { ErrorNote } from '../ui/error-note.tsx';

export type SourceKind = 'url' | 'note';

/** Adds a page of the web, or a text typed in. */
export function AddSource({ kind, onClose }: { kind: SourceKind | undefined; onClose: () => void }) {
  const t = useText();
  return (
    <Modal
      opened={kind !== undefined}
      onClose={onClose}
      title={kind && t(`documents.${kind}`)}
      closeButtonProps={{ 'aria-label': t('action.close') }}
      centered
      size="lg"
    >
      {kind && <SourceForm kind={kind} onClose={onClose} />}
    </Modal>
  );
}

function SourceForm({ kind, onClose }: { kind: SourceKind; onClose: () => void }) {
  const t = useText();
  const [url, setUrl] = useState('');
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const add = useMutation({
    mutationFn: () =>
      request('document/', {
        method: 'POST',
        body: kind === 'url' ? { url: url.trim() } : { title: title.trim(), text },
        headers: { prefer: 'respond-async' },
      }),
    onSuccess: () => {
      void refreshDocuments();
      onClose();
    },
  });
  const isComplete = kind === 'url' ? url.trim() !== '' : title.trim() !== '' && text.trim() !== '';
  return (
    <form
      onSubmit={event => {
        event.preventDefault();
        if (isComplete) add.mutate();
      }}
    >
      <Stack>
        {kind === 'url' ? (
          <TextInput
            type="url"
            label={t('documents.urlLabel')}
            placeholder="https://"
            value={url}
            onChange={event => setUrl(event.currentTarget.value)}
            data-autofocus
          />
        ) : (
          <>
            <TextInput
              label={t('documents.noteTitle')}
              value={title}
              onChange={event => setTitle(event.currentTarget.value)}
              data-autofocus
            />
            <Textarea
              label={t('documents.noteText')}
              value={text}
              onChange={event => setText(event.currentTarget.value)}
              autosize
              minRows={6}
              maxRows={16}
            />
          </>
        )}
        {add.isError && <ErrorNote error={add.error} title={t('documents.notAdded')} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={!isComplete} loading={add.isPending}>
            {t('action.add')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
