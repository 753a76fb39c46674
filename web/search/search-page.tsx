import { Button, TextInput } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { modes, search } from '../api/search.ts';
import { useText } from '../language/language-store.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { IconSearch } from '../ui/icons.ts';
import { PageFrame } from '../ui/page-frame.tsx';
import { ResultList } from './result-list.tsx';
import styles from './search.module.css';

/** What each kind of search finds for a question, side by side. */
export default function SearchPage() {
  const t = useText();
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get('q') ?? '';
  const [question, setQuestion] = useState(asked);
  const answers = useQueries({
    queries: modes.map(mode => ({
      queryKey: ['search', asked, mode],
      queryFn: () => search(asked, mode),
      enabled: asked !== '',
    })),
  });
  const failed = answers.find(({ isError }) => isError);
  return (
    <PageFrame title={t('search.title')} text={t('search.text')}>
      <form
        className={styles.form}
        onSubmit={event => {
          event.preventDefault();
          setParameters(question.trim() === '' ? {} : { q: question.trim() });
        }}
      >
        <TextInput
          value={question}
          onChange={event => setQuestion(event.currentTarget.value)}
          placeholder={t('search.question')}
          aria-label={t('search.question')}
          leftSection={<IconSearch size={16} stroke={1.7} />}
          size="md"
          className={styles.input}
        />
        <Button type="submit" size="md" loading={answers.some(({ isFetching }) => isFetching)}>
          {t('search.run')}
        </Button>
      </form>
      {failed && <ErrorNote error={failed.error} onRetry={() => failed.refetch()} />}
      {asked !== '' && (
        <div className={styles.columns}>
          {modes.map((mode, at) => (
            <ResultList key={mode} mode={mode} question={asked} answer={answers[at]?.data} />
          ))}
        </div>
      )}
    </PageFrame>
  );
}
