import { Button, Group, Skeleton, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useCallback, useState } from 'react';
import type { ReportEntry } from '../../contract/evaluation.ts';
import { useText } from '../language/language-store.ts';
import { ErrorNote } from '../ui/error-note.tsx';
import { IconChartBar, IconX } from '../ui/icons.ts';
import { PageFrame } from '../ui/page-frame.tsx';
import { showError } from '../ui/undoable.tsx';
import { useDropTaker } from '../uploads/drop-taker.ts';
import { FileButton } from '../uploads/file-button.tsx';
import { AnswersView } from './answers-view.tsx';
import { CaseTable } from './case-table.tsx';
import { type AnswersEntry, readAnswersReport } from './read-answers-report.ts';
import { readReport } from './read-report.ts';
import styles from './report.module.css';
import { ReportView, SaveReport } from './report-view.tsx';
import { type CaseRanks, runCases } from './run-cases.ts';
import { useCases } from './use-cases.ts';

/** Reports of evaluations, and stored questions with how well each kind of search finds what answers them. */
export default function EvaluationPage() {
  const t = useText();
  const { opened, open, close } = useOpenedReport();
  return (
    <PageFrame title={t('evaluation.title')} text={t('evaluation.text')}>
      <Group mb="xl" gap="sm">
        <FileButton label={t('report.choose')} onFiles={open} isSingle>
          {choose => (
            <Button variant="default" leftSection={<IconChartBar size={17} stroke={1.7} />} onClick={choose}>
              {t('report.open')}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          {t('report.openHint')}
        </Text>
      </Group>
      {opened && <Opened key={opened.name} report={opened} onClose={close} />}
      <OwnCases />
    </PageFrame>
  );
}

type OpenedReport = { name: string } & (
  | { of: 'searches'; entries: ReportEntry[] }
  | { of: 'answers'; entries: AnswersEntry[] }
);

function Opened({ report, onClose }: { report: OpenedReport; onClose: () => void }) {
  const t = useText();
  const close = (
    <Button size="compact-sm" variant="default" leftSection={<IconX size={15} />} onClick={onClose}>
      {t('action.close')}
    </Button>
  );
  return report.of === 'searches' ? (
    <ReportView title={report.name} entries={report.entries}>
      {close}
    </ReportView>
  ) : (
    <AnswersView title={report.name} entries={report.entries}>
      {close}
    </AnswersView>
  );
}

async function readFile(file: File): Promise<OpenedReport | undefined> {
  if (!/\.json$/i.test(file.name)) return undefined;
  const { name } = file;
  const text = await file.text();
  const searches = readReport(text);
  if (searches) return { name, of: 'searches', entries: searches };
  const answers = readAnswersReport(text);
  return answers && { name, of: 'answers', entries: answers };
}

/** The report that was chosen, or dropped anywhere in the page; other files dropped become documents. */
function useOpenedReport() {
  const t = useText();
  const [opened, setOpened] = useState<OpenedReport>();
  const take = useCallback(async (files: File[]) => {
    const rest: File[] = [];
    for (const file of files) {
      const report = await readFile(file);
      if (report) setOpened(report);
      else rest.push(file);
    }
    return rest;
  }, []);
  useDropTaker(take);
  const open = async (files: File[]) => {
    const [other] = await take(files);
    if (other) await showError(t('report.none', { name: other.name }));
  };
  return { opened, open, close: () => setOpened(undefined) };
}

/** The questions that were kept while using Lectern, and what a run of them measured. */
function OwnCases() {
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
    <section aria-label={t('evaluation.cases')}>
      <h2 className={styles.title}>{t('evaluation.cases')}</h2>
      {stored.isLoading && <Skeleton h={200} />}
      {stored.isError && <ErrorNote error={stored.error} onRetry={() => stored.refetch()} />}
      {stored.isSuccess && cases.length === 0 && <Text c="dimmed">{t('evaluation.none')}</Text>}
      {cases.length > 0 && (
        <>
          <Group mt="sm" mb="lg">
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
          {run.data && run.data.length > 0 && (
            <ReportView title={t('evaluation.measured')} entries={run.data}>
              <SaveReport entries={run.data} />
            </ReportView>
          )}
          <CaseTable cases={cases} ranks={ranks} />
        </>
      )}
    </section>
  );
}
