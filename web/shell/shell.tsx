import { ActionIcon, AppShell, Burger, Text } from '@mantine/core';
import { useDisclosure, useHotkeys } from '@mantine/hooks';
import { lazy, type ReactNode, Suspense } from 'react';
import { useNavigate } from 'react-router';
import { useText } from '../language/language-store.ts';
import { PaletteKeys } from '../palette/palette-keys.tsx';
import { IconPencilPlus } from '../ui/icons.ts';
import { Logo } from '../ui/logo.tsx';
import { DropAnywhere } from '../uploads/drop-anywhere.tsx';
import { useUploads } from '../uploads/upload-queue.ts';
import styles from './shell.module.css';
import { Sidebar } from './sidebar.tsx';

const UploadTray = lazy(() => import('../uploads/upload-tray.tsx'));

/** The frame around every view: navigation at the side, on a phone behind a button. */
export function Shell({ children }: { children: ReactNode }) {
  const t = useText();
  const navigate = useNavigate();
  const [isOpen, navigation] = useDisclosure();
  const hasUploads = useUploads().length > 0;
  const newChat = () => {
    navigation.close();
    void navigate('/');
  };
  useHotkeys([['mod+shift+O', newChat]], []);
  return (
    <AppShell
      padding={0}
      navbar={{ width: 276, breakpoint: 'md', collapsed: { mobile: !isOpen } }}
      header={{ height: { base: 52, md: 0 } }}
      transitionDuration={180}
    >
      <a href="#main" className={styles.skip}>
        {t('shell.skip')}
      </a>
      <AppShell.Header hiddenFrom="md" withBorder className={styles.header ?? ''}>
        <Burger
          opened={isOpen}
          onClick={navigation.toggle}
          size="sm"
          aria-label={t('shell.menu')}
          aria-expanded={isOpen}
        />
        <div className={styles.brand}>
          <Logo size={22} />
          <Text fw={650}>Lectern</Text>
        </div>
        <ActionIcon size={40} onClick={newChat} aria-label={t('shell.newChat')}>
          <IconPencilPlus size={21} stroke={1.7} />
        </ActionIcon>
      </AppShell.Header>
      <AppShell.Navbar className={styles.navbar ?? ''}>
        <Sidebar onNavigate={navigation.close} onNewChat={newChat} />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1} className={styles.main ?? ''}>
        {children}
      </AppShell.Main>
      <DropAnywhere />
      <PaletteKeys />
      {hasUploads && (
        <Suspense>
          <UploadTray />
        </Suspense>
      )}
    </AppShell>
  );
}
