import { Button } from '@mantine/core';
import { useText } from '../language/language-store.ts';
import { useErrorText } from '../language/use-error-text.ts';
import styles from './error-note.module.css';
import { IconAlertCircle, IconRefresh } from './icons.ts';

type Props = { error: unknown; title?: string; onRetry?: (() => void) | undefined };

/** What went wrong, in a sentence, and what can be done. */
export function ErrorNote({ error, title, onRetry }: Props) {
  const t = useText();
  const describe = useErrorText();
  return (
    <div className={styles.note} role="alert">
      <IconAlertCircle size={20} stroke={1.7} />
      <div>
        <b>{title ?? t('error.title')}</b>
        <p>{describe(error)}</p>
      </div>
      {onRetry && (
        <Button size="compact-sm" variant="default" leftSection={<IconRefresh size={14} />} onClick={onRetry}>
          {t('action.retry')}
        </Button>
      )}
    </div>
  );
}
