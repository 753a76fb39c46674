import { Badge, Button, Group, Skeleton, Text } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import type { z } from 'zod';
import type { DoctorReport } from '../../contract/doctor.ts';
import type { usageReport } from '../../contract/usage.ts';
import { noFilter, useDocuments } from '../api/documents.ts';
import { useHealth } from '../api/health.ts';
import { request } from '../api/request.ts';
import { useSettings } from '../api/settings.ts';
import { useText } from '../language/language-store.ts';
import { useFormat } from '../language/use-format.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { PageFrame } from '../ui/page-frame.tsx';
import { Jobs, LastDay, Storage } from './activity.tsx';
import { Facts } from './facts.tsx';
import styles from './system.module.css';

const UsageChart = lazy(() => import('./usage-chart.tsx'));

/** What runs, whether it is well, and what it takes. */
export default function SystemPage() {
  const t = useText();
  return (
    <PageFrame title={t('system.title')} text={t('system.text')}>
      <div className={styles.cards}>
        <Running />
        <Limits />
        <Work />
        <Jobs />
        <Storage />
        <Doctor />
      </div>
      <LastDay />
      <UsageOverTime />
    </PageFrame>
  );
}

function Running() {
  const t = useText();
  const { data: health, isError } = useHealth();
  const { data: settings } = useSettings();
  const isWell = health?.status === 'healthy' && !isError;
  return (
    <Facts
      title={t('system.running')}
      facts={
        health &&
        settings && [
          [
            t('system.health'),
            <Badge
              key="health"
              color={isWell ? 'teal' : 'red'}
              variant="light"
              tt="none"
              className={isWell ? styles.well : styles.ill}
            >
              {t(isWell ? 'system.healthy' : 'system.unhealthy')}
            </Badge>,
          ],
          [t('system.version'), health.version],
          [t('system.database'), t(`system.${health.database_kind}`)],
          [t('system.languageModel'), settings.language_model?.standard ?? t('mode.quoted')],
          [t('system.embeddingModel'), settings.embedding_model.name],
          [t('system.dimensions'), settings.embedding_model.dimensions ?? '–'],
          [t('system.reranker'), settings.reranker ?? '–'],
        ]
      }
    />
  );
}

function Limits() {
  const t = useText();
  const { size, number } = useFormat();
  const { data: settings } = useSettings();
  return (
    <Facts
      title={t('system.limits')}
      facts={
        settings && [
          [t('system.uploadLimit'), size(settings.limits.max_upload_bytes)],
          [t('system.textLimit'), size(settings.limits.max_text_bytes)],
          [t('system.context'), t('system.tokens', { count: settings.token_budget.max_context_tokens })],
          [
            t('system.documentTokens'),
            t('system.tokens', { count: settings.token_budget.document_context_tokens }),
          ],
          [t('system.passages'), number(settings.retrieval.top_k)],
          [
            t('system.dailyBudget'),
            settings.daily_token_budget === null ? '–' : number(settings.daily_token_budget),
          ],
        ]
      }
    />
  );
}

/** How many documents there are in each state; the lists end at what one request gives. */
function Work() {
  const t = useText();
  const lists = {
    ready: useDocuments({ ...noFilter, state: 'ready' }),
    queued: useDocuments({ ...noFilter, state: 'queued' }),
    indexing: useDocuments({ ...noFilter, state: 'indexing' }),
    failed: useDocuments({ ...noFilter, state: 'failed' }),
  };
  const { number } = useFormat();
  const isLoaded = Object.values(lists).every(({ isSuccess }) => isSuccess);
  const count = (state: keyof typeof lists) => {
    const [page] = lists[state].data?.pages ?? [];
    return `${number(page?.documents.length ?? 0)}${page?.next_cursor ? '+' : ''}`;
  };
  return (
    <Facts
      title={t('documents.title')}
      facts={
        isLoaded
          ? (Object.keys(lists) as (keyof typeof lists)[]).map(state => [t(`state.${state}`), count(state)])
          : undefined
      }
    />
  );
}

function Doctor() {
  const t = useText();
  const check = useMutation({
    mutationFn: (repair: boolean) => request<DoctorReport>('doctor/', { method: 'POST', body: { repair } }),
  });
  const findings = check.data?.checks.filter(({ found }) => found > 0) ?? [];
  return (
    <Facts title={t('system.doctor')} facts={[]}>
      <Text size="sm" c="dimmed" mb="md">
        {t('system.doctorText')}
      </Text>
      <div role="status">
        {check.data && findings.length === 0 && <Text size="sm">{t('system.doctorWell')}</Text>}
        {findings.map(({ name, meaning, found, repaired }) => (
          <Text key={name} size="sm" mb={6}>
            {t('system.finding', { found, repaired, meaning })}
          </Text>
        ))}
      </div>
      {check.isError && <ErrorNote error={check.error} />}
      <Group gap="xs" mt="sm">
        <Button
          size="compact-sm"
          variant="light"
          onClick={() => check.mutate(false)}
          loading={check.isPending}
        >
          {t('system.doctorRun')}
        </Button>
        {findings.length > 0 && (
          <Button size="compact-sm" variant="default" onClick={() => check.mutate(true)}>
            {t('system.doctorRepair')}
          </Button>
        )}
      </Group>
    </Facts>
  );
}

function UsageOverTime() {
  const t = useText();
  const { data: usage, error } = useQuery({
    queryKey: ['usage'],
    queryFn: ({ signal }) => request<z.infer<typeof usageReport>>('usage/?days=30', { signal }),
  });
  if (error) return <ErrorNote error={error} />;
  if (!usage) return <Skeleton h={280} mt="xl" />;
  return (
    <section className={styles.section} aria-label={t('system.usage')}>
      <h2 className={styles.sectionTitle}>{t('system.usage')}</h2>
      {usage.days.length === 0 ? (
        <Text c="dimmed" size="sm">
          {t('system.noUsage')}
        </Text>
      ) : (
        <Suspense fallback={<Skeleton h={260} />}>
          <UsageChart days={usage.days} />
        </Suspense>
      )}
    </section>
  );
}
