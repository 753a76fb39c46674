import { ActionIcon, Button, Group, Skeleton, Table, Text, VisuallyHidden } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { queryClient } from '../api/query-client.ts';
import { request } from '../api/request.ts';
import { modes } from '../api/search.ts';
import { useText } from '../language/language-store.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { IconTrash } from '../ui/icons.ts';
import { PageFrame } from '../ui/page-frame.tsx';
import { type CaseRanks, runCases } from './run-cases.ts';
import { sharesFound } from './shares-found.ts';
import { type EvaluationCase, useCases } from './use-cases.ts';

const ShareChart = lazy(() => import('./share-chart.tsx'));

/** Stored questions, and how well each kind of search finds what answers them. */
export default function EvaluationPage() {
  const t = useText();
  const stored = useCases();
  const cases = stored.data?.pages.flatMap(page => page.cases) ?? [];
  const [ranks, setRanks] = useState<CaseRanks[]>([]);
  const run = useMutation({
    mutationFn: () => {
      setRanks([]);
      return runCases(cases, done => setRanks(before => [...before, done]));
    },
  });
  return (
    <PageFrame title={t('evaluation.title')} text={t('evaluation.text')}>
      {stored.isLoading && <Skeleton h={200} />}
      {stored.isError && <ErrorNote error={stored.error} onRetry={() => stored.refetch()} />}
      {stored.isSuccess && cases.length === 0 && <Text>{t('evaluation.none')}</Text>}
      {cases.length > 0 && (
        <>
          <Group mb="lg">
            <Button onClick={() => run.mutate()} loading={run.isPending}>
              {t('evaluation.run', { count: cases.length })}
            </Button>
            <Text size="sm" c="dimmed" role="status">
              {run.isPending && t('evaluation.progress', { done: ranks.length, count: cases.length })}
            </Text>
            {stored.hasNextPage && (
              <Button variant="default" onClick={() => stored.fetchNextPage()}>
                {t('evaluation.more')}
              </Button>
            )}
          </Group>
          {run.isError && <ErrorNote error={run.error} />}
          {ranks.length > 0 && (
            <Suspense fallback={<Skeleton h={320} />}>
              <ShareChart shares={sharesFound(ranks)} />
            </Suspense>
          )}
          <CaseTable cases={cases} ranks={ranks} />
        </>
      )}
    </PageFrame>
  );
}

function CaseTable({ cases, ranks }: { cases: EvaluationCase[]; ranks: CaseRanks[] }) {
  const t = useText();
  const remove = useMutation({
    mutationFn: (id: number) => request(`evaluation/case/${id}/`, { method: 'DELETE' }),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ['evaluation-cases'] }),
  });
  return (
    <Table.ScrollContainer minWidth={560} type="native">
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('evaluation.question')}</Table.Th>
            <Table.Th>{t('evaluation.passage')}</Table.Th>
            {modes.map(mode => (
              <Table.Th key={mode}>{t(`search.${mode}`)}</Table.Th>
            ))}
            <Table.Th>
              <VisuallyHidden>{t('action.delete')}</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {cases.map(({ id, question, passages }) => {
            const ranked = ranks.find(one => one.id === id);
            return (
              <Table.Tr key={id}>
                <Table.Td>{question}</Table.Td>
                <Table.Td>
                  <Text size="sm" c="dimmed" lineClamp={2}>
                    {passages
                      .map(passage => (passage.state === 'gone' ? t('evaluation.gone') : passage.filename))
                      .join(', ')}
                  </Text>
                </Table.Td>
                {modes.map(mode => (
                  <Table.Td key={mode}>{ranked ? (ranked[mode] ?? t('evaluation.missed')) : ''}</Table.Td>
                ))}
                <Table.Td>
                  <ActionIcon
                    onClick={() => remove.mutate(id)}
                    aria-label={t('evaluation.delete', { question })}
                  >
                    <IconTrash size={16} stroke={1.7} />
                  </ActionIcon>
                </Table.Td>
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
