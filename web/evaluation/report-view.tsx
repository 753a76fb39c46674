import { Button, Group, SegmentedControl, Table } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { ReportEntry } from '../../contract/evaluation.ts';
import { ownCases } from '../../evaluation/figures/own-cases.ts';
import { useText } from '../language/language-store.ts';
import { useFormat } from '../language/use-format.ts';
import { IconDownload } from '../ui/icons.ts';
import { FigurePlot } from './figure-plot.tsx';
import styles from './report.module.css';
import { useModeName } from './use-mode-name.ts';

type Props = { title: string; entries: ReportEntry[]; children?: ReactNode };

/** A report of an evaluation: each figure as a plot with its confidence intervals, and all of them in a table. */
export function ReportView({ title, entries, children }: Props) {
  const t = useText();
  const cutoffs = Object.keys(entries[0]?.recall ?? {});
  const [cutoff, setCutoff] = useState(cutoffs.includes('5') ? '5' : (cutoffs.at(-1) ?? ''));
  const hasText = entries.some(({ wantedText5500 }) => wantedText5500 !== null);
  return (
    <section className={styles.report} aria-label={title}>
      <Group justify="space-between" mb="sm">
        <h2 className={styles.title}>{title}</h2>
        <Group gap="xs">{children}</Group>
      </Group>
      <p className={styles.about}>{t('report.about')}</p>
      {cutoffs.length > 1 && (
        <Group gap="sm" mb="md">
          <span className={styles.label}>{t('report.cutoff')}</span>
          <SegmentedControl
            size="xs"
            value={cutoff}
            onChange={setCutoff}
            data={cutoffs}
            aria-label={t('report.cutoff')}
          />
        </Group>
      )}
      <div className={styles.plots}>
        <FigurePlot title="nDCG@10" figure="ndcg10" entries={entries} />
        {cutoff !== '' && (
          <FigurePlot title={t('report.recall', { cutoff })} figure={`recall${cutoff}`} entries={entries} />
        )}
        <FigurePlot title="MRR@10" figure="mrr10" entries={entries} />
        {hasText && <FigurePlot title={t('report.wantedText')} figure="wantedText5500" entries={entries} />}
      </div>
      <FigureTable entries={entries} cutoffs={cutoffs} />
    </section>
  );
}

function FigureTable({ entries, cutoffs }: { entries: ReportEntry[]; cutoffs: string[] }) {
  const t = useText();
  const { number, decimal, duration } = useFormat();
  const modeName = useModeName();
  return (
    <Table.ScrollContainer
      minWidth={720}
      type="native"
      tabIndex={0}
      role="region"
      aria-label={t('report.all')}
    >
      <Table verticalSpacing={6} fz="sm" className={styles.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{t('report.set')}</Table.Th>
            <Table.Th>{t('report.mode')}</Table.Th>
            <Table.Th>{t('report.questions')}</Table.Th>
            <Table.Th>nDCG@10</Table.Th>
            {cutoffs.map(cutoff => (
              <Table.Th key={cutoff}>{t('report.recall', { cutoff })}</Table.Th>
            ))}
            <Table.Th>MRR@10</Table.Th>
            <Table.Th>p50</Table.Th>
            <Table.Th>p95</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map(({ set, mode, queries, ndcg10, recall, mrr10, latencyMs }) => (
            <Table.Tr key={`${set} ${mode}`}>
              <Table.Td>{set === ownCases ? t('evaluation.own') : set}</Table.Td>
              <Table.Td>{modeName(mode)}</Table.Td>
              <Table.Td>{number(queries)}</Table.Td>
              <Table.Td>{decimal(ndcg10)}</Table.Td>
              {cutoffs.map(cutoff => (
                <Table.Td key={cutoff}>{decimal(recall[cutoff] ?? 0)}</Table.Td>
              ))}
              <Table.Td>{decimal(mrr10)}</Table.Td>
              <Table.Td>{duration(latencyMs.p50)}</Table.Td>
              <Table.Td>{duration(latencyMs.p95)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

/** Saves the report as the command line does: `lectern evaluate --baseline` can compare with it. */
export function SaveReport({ entries }: { entries: ReportEntry[] }) {
  const t = useText();
  const save = () => {
    const url = URL.createObjectURL(
      new Blob([JSON.stringify(entries, undefined, 1)], { type: 'application/json' }),
    );
    const link = document.createElement('a');
    link.href = url;
    link.download = 'evaluation.json';
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Button size="compact-sm" variant="default" leftSection={<IconDownload size={15} />} onClick={save}>
      {t('report.save')}
    </Button>
  );
}
