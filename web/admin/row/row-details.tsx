import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../../language/language-store.ts';

type Props = { title: string; onClose: () => void; children: ReactNode };

/** All there is to know of a row, beside the table. */
export function RowDetails({ title, onClose, children }: Props) {
  const t = useText();
  return (
    <Drawer
      opened
      onClose={onClose}
      title={title}
      position="right"
      size="lg"
      closeButtonProps={{ 'aria-label': t('action.close') }}
      styles={{ title: { fontWeight: 620, overflowWrap: 'anywhere' } }}
    >
      {children}
    </Drawer>
  );
}
