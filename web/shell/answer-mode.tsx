import { Tooltip } from '@mantine/core';
import { useHealth } from '../api/health.ts';
import { useText } from '../language/language-store.ts';
import styles from './shell.module.css';

/** Whether answers are written by a model, and which, or quoted; and how to change that. */
export function AnswerMode() {
  const t = useText();
  const { data: health } = useHealth();
  if (!health) return <span className={styles.mode} />;
  const { language_model: model } = health;
  return (
    <Tooltip
      multiline
      w={250}
      label={model === null ? t('mode.quotedHint') : t('mode.writtenHint', { model })}
    >
      <span className={styles.mode}>{model ?? t('mode.quoted')}</span>
    </Tooltip>
  );
}
