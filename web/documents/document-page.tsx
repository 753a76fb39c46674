import { Button, Skeleton, TagsInput, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams, useSearchParams } from 'react-router';
import { useDocumentOutline } from '../api/document-text.ts';
import { type LecternDocument, useDocument, useDocumentEvents } from '../api/documents.ts';
import { queryClient } from '../api/query-client.ts';
import { request } from '../api/request.ts';
import { useText } from '../language/language-store.ts';
import { useErrorText } from '../language/use-error-text.ts';
import { useFormat } from '../language/use-format.ts';
import { usePageTitle } from '../shell/page-title.ts';
import { DocumentTextView } from '../sources/document-text-view.tsx';
import { ErrorNote } from '../ui/error-note.tsx';
import { IconChevronLeft } from '../ui/icons.ts';
import { DocumentMenu } from './document-menu.tsx';
import { DocumentState } from './document-row.tsx';
import styles from './documents.module.css';
import { nameOf } from './use-ordered-documents.ts';

/** A document: what is known of it, its structure and its text. */
export default function DocumentPage() {
  const t = useText();
  const navigate = useNavigate();
  const id = Number(useParams().id);
  const document = useDocument(id);
  usePageTitle(document.data && nameOf(document.data));
  useDocumentEvents(true);
  return (
    <div className={`${styles.scroller} scroll`}>
      <div className={styles.document}>
        <Button
          component={Link}
          to="/documents"
          size="compact-sm"
          variant="subtle"
          color="gray"
          leftSection={<IconChevronLeft size={15} />}
          className={styles.back}
        >
          {t('documents.title')}
        </Button>
        {document.isLoading && <Skeleton h={30} w="60%" />}
        {document.isError && <ErrorNote error={document.error} />}
        {document.data && <Content document={document.data} onDeleted={() => void navigate('/documents')} />}
      </div>
    </div>
  );
}

function Content({ document, onDeleted }: { document: LecternDocument; onDeleted: () => void }) {
  const t = useText();
  const { size, dateTime, number, languageName } = useFormat();
  const { id, filename, byte_size, created_at, total_passages, text_length, notes, source, language, error } =
    document;
  const [parameters] = useSearchParams();
  const [from, to] = [Number(parameters.get('from')), Number(parameters.get('to'))];
  const [place, setPlace] = useState<{ start: number; end: number } | undefined>(
    to > from ? { start: from, end: to } : undefined,
  );
  return (
    <>
      <div className={styles.head}>
        <Title order={1} className={styles.title}>
          {nameOf(document)}
        </Title>
        <DocumentState document={document} />
        <DocumentMenu document={document} onDeleted={onDeleted} />
      </div>
      <Text size="sm" c="dimmed" className={styles.facts}>
        {[
          ...(nameOf(document) === filename ? [] : [filename]),
          size(byte_size),
          t('documents.passages', { count: total_passages }),
          t('documents.characters', { count: number(text_length) }),
          ...(language === null ? [] : [languageName(language)]),
          dateTime(created_at),
          ...(source === null ? [] : [source]),
        ].join(' · ')}
      </Text>
      {error && <ErrorNote error={error} title={t('state.failed')} />}
      {notes.map(note => (
        <Text key={note.code} size="sm" c="dimmed">
          {note.message}
        </Text>
      ))}
      <Tags key={id} document={document} />
      {document.state === 'ready' && (
        <div className={styles.reading}>
          <Outline id={id} onChoose={setPlace} />
          <section className={styles.text} aria-label={t('source.textOf')}>
            <DocumentTextView key={place?.start} documentId={id} marked={place} headings="h2" />
          </section>
        </div>
      )}
    </>
  );
}

function Tags({ document }: { document: LecternDocument }) {
  const t = useText();
  const describe = useErrorText();
  const [tags, setTags] = useState(document.tags);
  const save = useMutation({
    mutationFn: (next: string[]) =>
      request<LecternDocument>(`document/${document.id}/`, { method: 'PATCH', body: { tags: next } }),
    onSuccess: changed => queryClient.setQueryData(['document', document.id], changed),
  });
  return (
    <TagsInput
      label={t('documents.tags')}
      value={tags}
      onChange={next => {
        setTags(next);
        save.mutate(next);
      }}
      error={save.isError && describe(save.error)}
      clearButtonProps={{ 'aria-label': t('documents.clearTags') }}
      maw={480}
      my="md"
    />
  );
}

function Outline({
  id,
  onChoose,
}: {
  id: number;
  onChoose: (place: { start: number; end: number }) => void;
}) {
  const t = useText();
  const { data: outline } = useDocumentOutline(id);
  if (!outline || outline.headings.length === 0) return null;
  return (
    <nav className={`${styles.outline} scroll`} aria-label={t('documents.outline')}>
      <ul>
        {outline.headings.map(({ title, level, start, end }) => (
          <li key={start} style={{ paddingLeft: 12 * (level - 1) }}>
            <button type="button" onClick={() => onChoose({ start, end })}>
              {title}
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}
