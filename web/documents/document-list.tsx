import { Skeleton, Stack, Text } from '@mantine/core';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import type { LecternDocument } from '../api/documents.ts';
import { useText } from '../language/language-store.ts';
import { IconCloudUpload } from '../ui/icons.ts';
import { DocumentRow } from './document-row.tsx';
import styles from './documents.module.css';

const ROW_PX = 62;
/** Rows before the end of what is loaded at which more is asked for. */
const AHEAD = 40;

type Props = {
  documents: LecternDocument[];
  isLoading: boolean;
  isEmpty: boolean;
  /** The end of what is there comes near. */
  onEnd: () => void;
  onTag: (tag: string) => void;
};

/** A list of any length: only the rows that are seen exist. */
export function DocumentList({ documents, isLoading, isEmpty, onEnd, onTag }: Props) {
  const t = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: documents.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    getItemKey: at => documents[at]?.id ?? at,
    overscan: 8,
  });
  const rows = virtual.getVirtualItems();
  const last = rows.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last > documents.length - AHEAD) onEnd();
  }, [last, documents.length, onEnd]);
  return (
    <section
      ref={scroller}
      className={`${styles.scroller} scroll`}
      tabIndex={0}
      aria-label={t('documents.list')}
    >
      {isLoading && documents.length === 0 && (
        <Stack gap={22} mt="md" aria-hidden>
          {[1, 2, 3, 4, 5].map(row => (
            <Skeleton key={row} h={36} />
          ))}
        </Stack>
      )}
      {!isLoading && documents.length === 0 && (
        <div className={styles.empty}>
          {isEmpty && <IconCloudUpload size={40} stroke={1.3} />}
          <Text fw={600}>{t(isEmpty ? 'documents.none' : 'documents.noneFound')}</Text>
          {isEmpty && <Text c="dimmed">{t('documents.noneHint')}</Text>}
        </div>
      )}
      <ul className={styles.list} style={{ height: virtual.getTotalSize() }}>
        {rows.map(({ index, key, start }) => {
          const document = documents[index];
          return (
            document && (
              <li
                key={key}
                className={styles.row}
                style={{ transform: `translateY(${start}px)`, height: ROW_PX }}
                aria-setsize={documents.length}
                aria-posinset={index + 1}
              >
                <DocumentRow document={document} onTag={onTag} />
              </li>
            )
          );
        })}
      </ul>
    </section>
  );
}
