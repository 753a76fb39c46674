import type { ReactNode } from 'react';
import { usePageTitle } from '../shell/page-title.ts';
import styles from './administration-page.module.css';

type Props = { title: string; text?: string; children?: ReactNode };

/** What a view of the administration shows, and what it is for. */
export function ViewHead({ title, text, children }: Props) {
  usePageTitle(title);
  return (
    <div className={styles.viewHead}>
      <h2 className={styles.viewTitle}>{title}</h2>
      {children}
      {text && <p className={styles.viewText}>{text}</p>}
    </div>
  );
}
