import { Button, Skeleton, Stack, Text } from '@mantine/core';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useDocumentOutline, useDocumentText } from '../api/document-text.ts';
import { useText } from '../language/language-store.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import styles from './source-pane.module.css';
import { type Paragraph, splitParagraphs } from './split-paragraphs.ts';

/** UTF-16 units read before and after what is marked, and with each further step: some ten pages. */
const STRETCH = 20_000;

type Props = {
  documentId: number;
  /** What to mark and scroll to. */
  marked: { start: number; end: number } | undefined;
  /** What the document's headings are in the outline of the page: one below what stands above the text. */
  headings?: 'h2' | 'h3';
};

/** A document's text around a place in it, with its headings and pages. */
export function DocumentTextView({ documentId, marked, headings = 'h3' }: Props) {
  const t = useText();
  const around = marked ?? { start: 0, end: 0 };
  const [extra, setExtra] = useState({ before: 0, after: 0 });
  const start = Math.max(0, around.start - STRETCH - extra.before);
  const text = useDocumentText(documentId, { start, end: around.end + STRETCH + extra.after });
  const outline = useDocumentOutline(documentId);
  const mark = useRef<HTMLElement>(null);
  const isLoaded = text.data !== undefined && !text.isPlaceholderData;
  const place = `${documentId}.${marked?.start}.${marked?.end}`;
  const scrolledTo = useRef('');
  useEffect(() => {
    if (!isLoaded || scrolledTo.current === place) return;
    scrolledTo.current = place;
    mark.current?.scrollIntoView({ block: 'center' });
  }, [isLoaded, place]);
  const paragraphs = useMemo(
    () => text.data && splitParagraphs(text.data, outline.data),
    [text.data, outline.data],
  );
  if (text.isError) return <ErrorNote error={text.error} onRetry={() => text.refetch()} />;
  if (!paragraphs || !text.data) return <TextSkeleton />;
  const hasMore = text.data.end < text.data.text_length;
  return (
    <>
      {text.data.start > 0 && (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => setExtra({ ...extra, before: extra.before + STRETCH })}
        >
          {t('source.earlier')}
        </Button>
      )}
      {paragraphs.length === 0 && <Text c="dimmed">{t('source.noText')}</Text>}
      {paragraphs.map(paragraph => (
        <ParagraphView
          key={paragraph.start}
          paragraph={paragraph}
          marked={marked}
          markRef={mark}
          Heading={headings}
        />
      ))}
      {hasMore && (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => setExtra({ ...extra, after: extra.after + STRETCH })}
        >
          {t('source.later')}
        </Button>
      )}
    </>
  );
}

type ParagraphProps = {
  paragraph: Paragraph;
  marked: Props['marked'];
  markRef: React.RefObject<HTMLElement | null>;
  Heading: 'h2' | 'h3';
};

function ParagraphView({ paragraph, marked, markRef, Heading }: ParagraphProps) {
  const t = useText();
  const { start, text, level, page } = paragraph;
  const from = Math.max(0, (marked?.start ?? 0) - start);
  const to = Math.min(text.length, (marked?.end ?? 0) - start);
  const isMarked = marked !== undefined && from < to;
  const isFirst = isMarked && marked.start >= start;
  const content = isMarked ? (
    <>
      {text.slice(0, from)}
      <mark ref={isFirst ? markRef : undefined} className={styles.mark}>
        {text.slice(from, to)}
      </mark>
      {text.slice(to)}
    </>
  ) : (
    text
  );
  return (
    <>
      {page !== undefined && <div className={styles.page}>{t('source.page', { page })}</div>}
      {level === undefined ? <p>{content}</p> : <Heading data-level={level}>{content}</Heading>}
    </>
  );
}

function TextSkeleton() {
  return (
    <Stack gap={10} mt="sm" aria-hidden>
      {[90, 100, 96, 70, 99, 85].map(width => (
        <Skeleton key={width} h={12} w={`${width}%`} />
      ))}
    </Stack>
  );
}
