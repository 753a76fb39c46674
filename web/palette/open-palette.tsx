import { Modal } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { useEffect } from 'react';
import { useText } from '../language/language-store.ts';
import styles from './palette.module.css';
import Palette from './palette.tsx';

const shortcuts = [
  ['Enter', 'shortcuts.send'],
  ['Shift+Enter', 'shortcuts.line'],
  ['Esc', 'shortcuts.stop'],
  ['/', 'shortcuts.focus'],
  ['Ctrl+K', 'shortcuts.palette'],
  ['Ctrl+Shift+O', 'shortcuts.newChat'],
  ['?', 'shortcuts.help'],
] as const;

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** The palette and the list of shortcuts; opens at once what was asked for when it was loaded. */
export default function OpenPalette({ first }: { first: 'palette' | 'shortcuts' }) {
  const t = useText();
  const [isOpen, list] = useDisclosure(first === 'shortcuts');
  useHotkeys([['shift+?', list.open]]);
  useHotkeys([['mod+K', () => spotlight.open()]], []);
  useEffect(() => {
    if (first === 'palette') spotlight.open();
  }, [first]);
  return (
    <>
      <Palette onShortcuts={list.open} />
      <Modal
        opened={isOpen}
        onClose={list.close}
        title={t('shortcuts.title')}
        closeButtonProps={{ 'aria-label': t('action.close') }}
        centered
      >
        <dl className={styles.shortcuts}>
          {shortcuts.map(([keys, label]) => (
            <div key={keys}>
              <dt>{t(label)}</dt>
              <dd>
                {keys.split('+').map(key => (
                  <kbd key={key}>{key === 'Ctrl' && isMac ? '⌘' : key}</kbd>
                ))}
              </dd>
            </div>
          ))}
        </dl>
      </Modal>
    </>
  );
}
