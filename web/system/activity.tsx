import { Skeleton, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { ActivityReport } from '../../contract/activity.ts';
import { request } from '../api/request.ts';
import { useText } from '../language/language-store.ts';
import { useFormat } from '../language/use-format.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { Facts } from './facts.tsx';
import styles from './system.module.css';

const ActivityCharts = lazy(() => import('./activity-charts.tsx'));

const REFRESH_MS = 30_000;

const useActivity = () =>
  useQuery({
    queryKey: ['activity'],
    queryFn: ({ signal }) => request<ActivityReport>('activity/', { signal }),
    refetchInterval: REFRESH_MS,
  });

/** Plots of the last day. */
export function LastDay() {
  const t = useText();
  const { data, error, refetch } = useActivity();
  return (
    <section className={styles.section} aria-label={t('activity.title')}>
      <h2 className={styles.sectionTitle}>{t('activity.title')}</h2>
      {error && !data && <ErrorNote error={error} onRetry={() => refetch()} />}
      {!data && !error && <Skeleton h={240} />}
      {data &&
        (data.hours.every(isQuiet) ? (
          <Text c="dimmed" size="sm">
            {t('activity.none')}
          </Text>
        ) : (
          <Suspense fallback={<Skeleton h={520} />}>
            <ActivityCharts hours={data.hours} />
          </Suspense>
        ))}
      {data && data.failures.length > 0 && <Failures failures={data.failures} />}
    </section>
  );
}

const isQuiet = ({ questions, answers, documents }: ActivityReport['hours'][number]) =>
  [questions, ...Object.values(answers), ...Object.values(documents)].every(count => count === 0);

function Failures({ failures }: Pick<ActivityReport, 'failures'>) {
  const t = useText();
  return (
    <div className={styles.failures}>
      <h3>{t('activity.failures')}</h3>
      <ul>
        {failures.map(({ of, code, count }) => (
          <li key={`${of} ${code}`}>
            {t(`activity.failed.${of}`, { count })} <code>{code}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** The work on documents that there is at this moment. */
export function Jobs() {
  const t = useText();
  const { number, ago } = useFormat();
  const { data } = useActivity();
  return (
    <Facts
      title={t('activity.jobs')}
      facts={
        data && [
          [t('activity.waiting'), number(data.jobs.waiting)],
          [t('activity.running'), number(data.jobs.running)],
          [t('activity.retried'), number(data.jobs.retried)],
          [t('activity.oldest'), data.jobs.oldest_at === null ? '–' : ago(data.jobs.oldest_at)],
        ]
      }
    />
  );
}

/** What all documents take. */
export function Storage() {
  const t = useText();
  const { number, size } = useFormat();
  const { data } = useActivity();
  return (
    <Facts
      title={t('activity.storage')}
      facts={
        data && [
          [t('documents.title'), number(data.storage.documents)],
          [t('activity.passages'), number(data.storage.passages)],
          [t('activity.files'), size(data.storage.file_bytes)],
          [t('activity.database'), size(data.storage.database_bytes)],
        ]
      }
    />
  );
}
