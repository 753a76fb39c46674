import { Text, UnstyledButton } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import type { DocumentOutline } from '../../api/document-text.ts';
import type { LecternDocument } from '../../api/documents.ts';
import { request } from '../../api/request.ts';
import { useText } from '../../language/language-store.ts';
import { IconMessage } from '../../ui/icons.ts';
import styles from '../chat-page.module.css';
import { sampleQuestions } from './sample-questions.ts';

const SHOWN = 4;

type Props = { documents: LecternDocument[]; onAsk: (question: string) => void };

/** Questions to click, made from the newest documents and their headings. */
export function Starters({ documents, onAsk }: Props) {
  const t = useText();
  const ready = documents.filter(({ state }) => state === 'ready');
  const questions = useQuestions(ready.slice(0, SHOWN));
  if (ready.length === 0)
    return (
      <Text c="dimmed" size="sm" ta="center" mt="md">
        {documents.some(({ state }) => state !== 'failed') ? t('first.working') : ''}
      </Text>
    );
  return (
    <section aria-label={t('chat.starters')} className={styles.choices}>
      {questions.map(question => (
        <UnstyledButton key={question} className={styles.choice} onClick={() => onAsk(question)}>
          <IconMessage size={18} stroke={1.6} />
          {question}
        </UnstyledButton>
      ))}
    </section>
  );
}

function useQuestions(documents: LecternDocument[]): string[] {
  const t = useText();
  const outlines = useQueries({
    queries: documents.map(({ id }) => ({
      queryKey: ['document-outline', id],
      queryFn: () => request<DocumentOutline>(`document/${id}/outline/`),
      staleTime: 300_000,
    })),
  });
  const questions = documents.flatMap((document, at) => {
    const name = document.title ?? document.filename.replace(/\.\w+$/, '');
    const known = sampleQuestions[document.filename];
    if (known && document.title === null) return known;
    // The first heading is mostly the title of the whole.
    const heading = outlines[at]?.data?.headings
      .slice(1)
      .find(({ title }) => title.length > 3 && title.length < 60);
    return [
      heading ? t('question.heading', { name, heading: heading.title }) : t('question.about', { name }),
    ];
  });
  return [...new Set(questions)].slice(0, SHOWN);
}
