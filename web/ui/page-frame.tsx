import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { usePageTitle } from '../shell/page-title.ts';
import styles from './page-frame.module.css';

type Props = { title: string; text: string; children: ReactNode };

/** A view that scrolls, with its heading. */
export function PageFrame({ title, text, children }: Props) {
  usePageTitle(title);
  return (
    <div className={`${styles.scroller} scroll`}>
      <div className={styles.page}>
        <Title order={1} className={styles.title}>
          {title}
        </Title>
        <Text c="dimmed" size="sm" mb="lg">
          {text}
        </Text>
        {children}
      </div>
    </div>
  );
}
