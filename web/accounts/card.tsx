import { Card as Surface } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './accounts.module.css';

export function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Surface
      withBorder
      radius="lg"
      padding="lg"
      component="section"
      aria-label={title}
      className={styles.card}
    >
      <h2 className={styles.cardTitle}>{title}</h2>
      {children}
    </Surface>
  );
}
