import { Loader, Tooltip } from '@mantine/core';
import { memo } from 'react';
import { Link } from 'react-router';
import type { LecternDocument } from '../api/documents.ts';
import { useText } from '../language/language-store.ts';
import { useErrorText } from '../language/use-error-text.ts';
import { useFormat } from '../language/use-format.ts';
import { FileIcon } from '../ui/file-icon.tsx';
import { IconAlertTriangle, IconCheck } from '../ui/icons.ts';
import { DocumentMenu } from './document-menu.tsx';
import styles from './documents.module.css';
import { nameOf } from './use-ordered-documents.ts';

type Props = { document: LecternDocument; onTag: (tag: string) => void };

export const DocumentRow = memo(function DocumentRow({ document, onTag }: Props) {
  const t = useText();
  const { size, ago, dateTime } = useFormat();
  const { id, filename, byte_size, created_at, tags, total_passages, state } = document;
  return (
    <>
      <FileIcon filename={filename} />
      <div className={styles.names}>
        <Link to={`/documents/${id}`} className={styles.name} title={filename}>
          {nameOf(document)}
        </Link>
        <span className={styles.details}>
          <span>{size(byte_size)}</span>
          {state === 'ready' && <span>{t('documents.passages', { count: total_passages })}</span>}
          <span title={dateTime(created_at)}>{ago(created_at)}</span>
          {tags.slice(0, 3).map(tag => (
            <button key={tag} type="button" className={styles.tag} onClick={() => onTag(tag)}>
              {tag}
            </button>
          ))}
        </span>
      </div>
      <DocumentState document={document} />
      <DocumentMenu document={document} />
    </>
  );
});

/** How far a document is, or why it failed. */
export function DocumentState({ document }: { document: LecternDocument }) {
  const t = useText();
  const describe = useErrorText();
  const { percent } = useFormat();
  const { state, progress, error } = document.replacement ?? document;
  const isBusy = state !== 'ready' && state !== 'failed';
  const label = t(`state.${state}`);
  const content = (
    <span className={styles.state} data-state={state}>
      {isBusy && <Loader size={12} color="brand" />}
      {state === 'ready' && <IconCheck size={14} stroke={2.4} />}
      {state === 'failed' && <IconAlertTriangle size={14} stroke={2} />}
      <span>{state === 'indexing' ? `${label} ${percent(progress)}` : label}</span>
    </span>
  );
  if (!error) return content;
  return (
    <Tooltip label={describe(error)} multiline w={280} events={{ hover: true, focus: true, touch: true }}>
      <button type="button" className={styles.reason} aria-label={`${label}: ${describe(error)}`}>
        {content}
      </button>
    </Tooltip>
  );
}
