import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePageTitle } from '../shell/page-title.ts';
import { Logo } from '../ui/logo.tsx';
import styles from './accounts.module.css';

type Props = { title: string; text?: string | undefined; children: ReactNode };

/** A view before one is signed in. */
export function FrontFrame({ title, text, children }: Props) {
  usePageTitle(title);
  return (
    <main className={styles.front}>
      <Logo />
      <Title order={1} className={styles.frontTitle}>
        {title}
      </Title>
      {text && <Text c="dimmed">{text}</Text>}
      {children}
    </main>
  );
}
