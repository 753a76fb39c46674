import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../language/language-store.ts';
import { IconCheck, IconCopy } from './icons.ts';

type Props = { text: string; label: string; size?: number; iconSize?: number; icon?: ReactNode };

/** A button that copies, and says for a moment that it has. */
export function CopyAction({ text, label, size = 32, iconSize = 17, icon }: Props) {
  const t = useText();
  return (
    <CopyButton value={text}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? t('action.copied') : label}>
          <ActionIcon size={size} onClick={copy} aria-label={copied ? t('action.copied') : label}>
            {copied ? (
              <IconCheck size={iconSize} stroke={1.7} />
            ) : (
              (icon ?? <IconCopy size={iconSize} stroke={1.7} />)
            )}
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
