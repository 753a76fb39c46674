import { ActionIcon, Drawer, SegmentedControl, Skeleton, Text, Tooltip } from '@mantine/core';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { apiUrl } from '../api/root-path.ts';
import { useText } from '../language/language-store.ts';
import { FileIcon } from '../ui/file-icon.tsx';
import { IconDownload, IconX } from '../ui/icons.ts';
import { DocumentTextView } from './document-text-view.tsx';
import type { Proof } from './proof.ts';
import styles from './source-pane.module.css';
import { usePageOf } from './use-page-of.ts';

const PdfView = lazy(() => import('./pdf-view.tsx'));

type Props = { proof: Proof | undefined; onClose: () => void; isDocked: boolean };

/** The document beside the answer, at the passage that proves it; on a small screen over it. */
export default function SourcePane({ proof, onClose, isDocked }: Props) {
  const t = useText();
  if (isDocked)
    return (
      proof && (
        <aside className={styles.docked} aria-label={t('source.pane')}>
          <SourceContent proof={proof} onClose={onClose} isRoomy />
        </aside>
      )
    );
  return (
    <Drawer
      opened={proof !== undefined}
      onClose={onClose}
      position="right"
      size={480}
      withCloseButton={false}
      padding={0}
      attributes={{ content: { 'aria-label': t('source.pane') } }}
      classNames={{ body: styles.drawerBody, content: styles.drawerContent }}
    >
      {proof && <SourceContent proof={proof} onClose={onClose} />}
    </Drawer>
  );
}

type ContentProps = {
  proof: Proof;
  onClose: () => void;
  /** A page and its text are seen at once; else one of them at a time. */
  isRoomy?: boolean;
};

function SourceContent({ proof, onClose, isRoomy = false }: ContentProps) {
  const t = useText();
  const title = useRef<HTMLHeadingElement>(null);
  const [view, setView] = useState<string>('page');
  const page = usePageOf(proof);
  const isPdf = /\.pdf$/i.test(proof.filename) && proof.page !== null && proof.state === 'current';
  const place = `${proof.documentId}.${proof.start}.${proof.end}`;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another place takes the focus again.
  useEffect(() => title.current?.focus({ preventScroll: true }), [place]);
  return (
    <div className={styles.pane}>
      <header className={styles.head}>
        <FileIcon filename={proof.filename} />
        <div className={styles.names}>
          <Text component="h2" ref={title} tabIndex={-1} fw={620} size="sm" truncate className={styles.title}>
            {proof.filename}
          </Text>
          <Text size="xs" c="dimmed" truncate>
            {describePlace({ ...proof, page: page ?? null }, t)}
          </Text>
        </div>
        {proof.state !== 'gone' && (
          <Tooltip label={t('action.download')}>
            <ActionIcon
              component="a"
              href={apiUrl(`document/${proof.documentId}/file/`)}
              download
              size={36}
              aria-label={t('source.download', { name: proof.filename })}
            >
              <IconDownload size={18} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        )}
        <Tooltip label={t('source.closeHint')}>
          <ActionIcon size={36} onClick={onClose} aria-label={t('source.close')}>
            <IconX size={18} stroke={1.7} />
          </ActionIcon>
        </Tooltip>
      </header>
      {isPdf && !isRoomy && (
        <SegmentedControl
          m="sm"
          mb={0}
          size="xs"
          value={view}
          onChange={setView}
          data={[
            { value: 'page', label: t('source.viewPage') },
            { value: 'text', label: t('source.viewText') },
          ]}
          aria-label={t('source.view')}
        />
      )}
      {isPdf && (isRoomy || view === 'page') && <PdfPage proof={proof} page={page} />}
      {(!isPdf || isRoomy || view === 'text') && <TextOf proof={proof} />}
      <footer className={styles.foot} data-unverified={proof.verified === false || undefined}>
        {t(proof.verified === false ? 'source.unverified' : 'source.marked')}
      </footer>
    </div>
  );
}

function describePlace({ number, page, heading }: Proof, t: ReturnType<typeof useText>): string {
  return [
    t('source.number', { number }),
    ...(page === null ? [] : [t('source.page', { page })]),
    ...(heading === null ? [] : [heading]),
  ].join(' · ');
}

function PdfPage({ proof, page }: { proof: Proof; page: number | null | undefined }) {
  const t = useText();
  return (
    <section className={`${styles.scroller} scroll`} tabIndex={0} aria-label={t('source.pageOf')}>
      <Suspense fallback={<PageSkeleton />}>
        {page === undefined ? (
          <PageSkeleton />
        ) : (
          <PdfView url={apiUrl(`document/${proof.documentId}/file/`)} page={page ?? 1} quote={proof.quote} />
        )}
      </Suspense>
    </section>
  );
}

const PageSkeleton = () => <Skeleton m="md" h={500} w="auto" />;

/** The text as it is now; of a document that has changed or gone, what was quoted then. */
function TextOf({ proof }: { proof: Proof }) {
  const t = useText();
  return (
    <section className={`${styles.text} scroll`} tabIndex={0} aria-label={t('source.textOf')}>
      {proof.state === 'current' ? (
        <DocumentTextView
          key={proof.documentId}
          documentId={proof.documentId}
          marked={{ start: proof.start, end: proof.end }}
        />
      ) : (
        <>
          <Text size="sm" c="dimmed" mb="md">
            {t(proof.state === 'gone' ? 'source.gone' : 'source.replaced')}
          </Text>
          <p>
            <mark className={styles.mark}>{proof.quote}</mark>
          </p>
        </>
      )}
    </section>
  );
}
