import { Button, Group } from '@mantine/core';
import { Link, useParams, useSearchParams } from 'react-router';
import { useDocument } from '../../api/documents.ts';
import { useText } from '../../language/language-store.ts';
import { useAdministrationText } from '../../language/use-administration-text.ts';
import { useFormat } from '../../language/use-format.ts';
import { DocumentTextView } from '../../sources/document-text-view.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { ViewHead } from '../view-head.tsx';
import styles from './document-parts.module.css';
import { PartTable } from './part-table.tsx';

const parts = ['text', 'chunks', 'passages'] as const;
type Part = (typeof parts)[number];

/** What was made of a document: its text, the chunks that a language model is given, the passages that are found. */
export default function DocumentPartsView() {
  const t = useText();
  const a = useAdministrationText();
  const { size, number } = useFormat();
  const id = Number(useParams().id);
  const [parameters] = useSearchParams();
  const part: Part = parts.find(name => name === parameters.get('part')) ?? 'text';
  const { data: document, error } = useDocument(id);
  if (error) return <ErrorNote error={error} />;
  return (
    <>
      <ViewHead
        title={document ? (document.title ?? document.filename) : `#${id}`}
        {...(document && {
          text: [
            t(`state.${document.state}`),
            size(document.byte_size),
            t('documents.characters', { count: number(document.text_length) }),
            a('documents.chunkCount', { count: document.total_chunks }),
            t('documents.passages', { count: document.total_passages }),
          ].join(' · '),
        })}
      >
        <Link to="/admin/documents">{a('documents.back')}</Link>
        <Link to={`/documents/${id}`}>{a('documents.toReader')}</Link>
      </ViewHead>
      {document?.error && <ErrorNote error={document.error} title={t('state.failed')} />}
      <Group gap="xs" mb="sm" component="nav" aria-label={a('documents.parts')}>
        {parts.map(name => (
          <Button
            key={name}
            component={Link}
            to={`?part=${name}`}
            replace
            size="compact-sm"
            variant={name === part ? 'filled' : 'default'}
            {...(name === part && { 'aria-current': 'page' as const })}
          >
            {a(`documents.${name}`)}
          </Button>
        ))}
      </Group>
      {part === 'text' && document && (
        <section className={`${styles.text} scroll`} aria-label={a('documents.text')} tabIndex={0}>
          <DocumentTextView documentId={id} marked={undefined} headings="h3" />
        </section>
      )}
      {part !== 'text' && <PartTable key={part} documentId={id} of={part} />}
    </>
  );
}
