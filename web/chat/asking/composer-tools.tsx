import { ActionIcon, Tooltip } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useText } from '../../language/language-store.ts';
import { IconPaperclip } from '../../ui/icons.ts';
import { FileButton } from '../../uploads/file-button.tsx';
import { addUploads } from '../../uploads/upload-queue.ts';
import type { Scope } from './use-scope.ts';

const ScopePicker = lazy(() => import('./scope-picker.tsx'));
const WritingPicker = lazy(() => import('./writing-picker.tsx'));

type Props = {
  /** Its session, or `new`; what is chosen is kept for it. */
  chat: string;
  scope: Scope;
  onScope: (scope: Scope) => void;
};

/** Beside the question: adding documents, choosing among them, and who writes. */
export function ComposerTools({ chat, scope, onScope }: Props) {
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
        <ScopePicker scope={scope} onChange={onScope} />
        <WritingPicker chat={chat} />
      </Suspense>
    </>
  );
}
