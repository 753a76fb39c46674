import { ActionIcon, Button, Progress, Tooltip } from '@mantine/core';
import { useDocumentEvents } from '../api/documents.ts';
import { useText } from '../language/language-store.ts';
import { useErrorText } from '../language/use-error-text.ts';
import { useFormat } from '../language/use-format.ts';
import { FileIcon } from '../ui/file-icon.tsx';
import { IconRefresh, IconX } from '../ui/icons.ts';
import {
  dismissFinished,
  dismissUpload,
  isUnfinished,
  retryUpload,
  type Upload,
  uploadFollower,
  useUploads,
} from './upload-queue.ts';
import styles from './uploads.module.css';

/** The files that were added, each with how far it is, wherever one is in the page. */
export default function UploadTray() {
  const t = useText();
  const uploads = useUploads();
  const running = uploads.filter(isUnfinished).length;
  useDocumentEvents(running > 0, uploadFollower);
  if (uploads.length === 0) return null;
  const title =
    running > 0 ? t('uploads.running', { count: running }) : t('uploads.done', { count: uploads.length });
  return (
    <section className={styles.tray} aria-label={t('uploads.title')}>
      <header className={styles.trayHead}>
        <b role="status">{title}</b>
        {running < uploads.length && (
          <Button size="compact-xs" variant="subtle" color="gray" onClick={dismissFinished}>
            {t('uploads.clear')}
          </Button>
        )}
      </header>
      <ul className={`${styles.list} scroll`}>
        {uploads.map(upload => (
          <UploadItem key={upload.key} upload={upload} />
        ))}
      </ul>
    </section>
  );
}

function UploadItem({ upload }: { upload: Upload }) {
  const t = useText();
  const describe = useErrorText();
  const { percent } = useFormat();
  const { key, name, state, progress, error } = upload;
  const isRunning = isUnfinished(upload);
  const isMeasured = state === 'sending' || state === 'indexing';
  const label = t(`uploads.${state}`);
  return (
    <li className={styles.upload} data-state={state}>
      <FileIcon filename={name} />
      <div className={styles.uploadText}>
        <span className={styles.name} title={name}>
          {name}
        </span>
        <span className={styles.state}>
          {state === 'failed'
            ? describe(error)
            : isMeasured && progress > 0
              ? `${label} ${percent(progress)}`
              : label}
        </span>
        {isRunning && (
          <Progress
            value={isMeasured ? Math.max(2, progress * 100) : 100}
            striped={!isMeasured}
            animated={!isMeasured && state !== 'waiting'}
            color={state === 'waiting' ? 'gray' : 'brand'}
            size={4}
            mt={5}
            aria-label={`${name}: ${label}`}
          />
        )}
      </div>
      {state === 'failed' && (
        <Tooltip label={t('action.retry')}>
          <ActionIcon size={28} onClick={() => retryUpload(key)} aria-label={t('uploads.retry', { name })}>
            <IconRefresh size={16} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      )}
      <ActionIcon
        size={28}
        onClick={() => dismissUpload(key)}
        aria-label={t(isRunning ? 'uploads.cancel' : 'uploads.dismiss', { name })}
      >
        <IconX size={16} stroke={1.7} />
      </ActionIcon>
    </li>
  );
}
