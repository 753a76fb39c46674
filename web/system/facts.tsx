import { Card, Skeleton } from '@mantine/core';
import type { ReactNode } from 'react';
import styles from './system.module.css';

type Fact = readonly [label: string, value: ReactNode];

type Props = { title: string; facts: Fact[] | undefined; children?: ReactNode };

/** A card of labels and values; undefined while they are read. */
export function Facts({ title, facts, children }: Props) {
  return (
    <Card withBorder radius="lg" padding="lg" component="section" aria-label={title} className={styles.card}>
      <h2 className={styles.cardTitle}>{title}</h2>
      {facts ? (
        <dl className={styles.facts}>
          {facts.map(([label, value]) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <Skeleton h={120} />
      )}
      {children}
    </Card>
  );
}
