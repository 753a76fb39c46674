import { Button, Skeleton, Stack, Text, Tooltip } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { Link } from 'react-router';
import { request } from '../api/request.ts';
import type { SearchAnswer, SearchMode, SearchResult } from '../api/search.ts';
import { useText } from '../language/language-store.ts';
import { useFormat } from '../language/use-format.ts';
import styles from './search.module.css';

type Props = { mode: SearchMode; question: string; answer: SearchAnswer | undefined };

/** What one kind of search found, best first. */
export function ResultList({ mode, question, answer }: Props) {
  const t = useText();
  const { duration } = useFormat();
  return (
    <section aria-label={t(`search.${mode}`)}>
      <h2 className={styles.mode}>
        {t(`search.${mode}`)}
        {answer && <small>{duration(answer.elapsed_ms)}</small>}
      </h2>
      {!answer && (
        <Stack gap={10} aria-hidden>
          {[1, 2, 3].map(row => (
            <Skeleton key={row} h={110} radius="lg" />
          ))}
        </Stack>
      )}
      {answer?.results.length === 0 && <Text c="dimmed">{t('search.nothing')}</Text>}
      <ol className={styles.results}>
        {answer?.results.map((result, at) => (
          <Result key={result.passage_id} rank={at + 1} question={question} result={result} />
        ))}
      </ol>
    </section>
  );
}

type ResultProps = { rank: number; question: string; result: SearchResult };

function Result({ rank, question, result }: ResultProps) {
  const t = useText();
  const { number } = useFormat();
  const { document_id, start, end, filename, title, page, heading_path, text, score, scores, evidence } =
    result;
  const keep = useMutation({
    mutationFn: () =>
      request('evaluation/case/', {
        method: 'POST',
        body: { question, passages: [{ document_id, start, end }] },
      }),
  });
  const place = [...(page === null ? [] : [t('source.page', { page })]), ...heading_path.slice(-1)].join(
    ' · ',
  );
  return (
    <li className={styles.result} data-evidence={evidence || undefined}>
      <div className={styles.resultHead}>
        <span className={styles.rank}>{rank}</span>
        <Link to={`/documents/${document_id}?from=${start}&to=${end}`} title={filename}>
          {title ?? filename}
        </Link>
        <Tooltip label={t(evidence ? 'search.evidence' : 'search.noEvidence')}>
          <span className={styles.score}>{number(score)}</span>
        </Tooltip>
      </div>
      {place !== '' && <small className={styles.place}>{place}</small>}
      <Text size="sm" lineClamp={4} className={styles.passage}>
        {text}
      </Text>
      <dl className={styles.parts}>
        {(['vector', 'lexical', 'words', 'window', 'subwords', 'name'] as const).map(part => (
          <div key={part}>
            <dt>{t(`score.${part}`)}</dt>
            <dd>{scores[part] === null ? '–' : number(scores[part])}</dd>
          </div>
        ))}
      </dl>
      <Button
        size="compact-xs"
        variant="subtle"
        onClick={() => keep.mutate()}
        loading={keep.isPending}
        disabled={keep.isSuccess}
        color={keep.isError ? 'red' : 'brand'}
      >
        {t(keep.isSuccess ? 'feedback.kept' : keep.isError ? 'feedback.notKept' : 'search.keep')}
      </Button>
    </li>
  );
}
