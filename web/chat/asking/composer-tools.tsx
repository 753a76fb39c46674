import { ActionIcon, Tooltip } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useText } from '../../language/language-store.ts';
import { IconPaperclip } from '../../ui/icons.ts';
import { FileButton } from '../../uploads/file-button.tsx';
import { addUploads } from '../../uploads/upload-queue.ts';

const ScopePicker = lazy(() => import('./scope-picker.tsx'));

type Props = { scope: number[]; onScope: (ids: number[]) => void };

/** Beside the question: adding documents, and choosing among them. */
export function ComposerTools({ scope, onScope }: Props) {
  const t = useText();
  return (
    <>
      <FileButton label={t('documents.chooseFiles')} onFiles={addUploads}>
        {choose => (
          <Tooltip label={t('chat.attach')}>
            <ActionIcon size={36} radius="xl" onClick={choose} aria-label={t('chat.attach')}>
              <IconPaperclip size={19} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        )}
      </FileButton>
      <Suspense>
        <ScopePicker chosen={scope} onChange={onScope} />
      </Suspense>
    </>
  );
}
