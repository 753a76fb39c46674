import { Group, Table } from '@mantine/core';
import type { ReactNode } from 'react';
import { useText } from '../language/language-store.ts';
import { useFormat } from '../language/use-format.ts';
import type { AnswersEntry } from './read-answers-report.ts';
import styles from './report.module.css';

const colours = ['brand-6', 'orange-7', 'teal-7', 'grape-6', 'cyan-7', 'red-7'];
const colourOf = (index: number) => `var(--mantine-color-${colours[index % colours.length]})`;

type Props = { title: string; entries: AnswersEntry[]; children?: ReactNode };

/** A report of answers: what is refused against what should not have been, and what the quotes hold. */
export function AnswersView({ title, entries, children }: Props) {
  const t = useText();
  return (
    <section className={styles.report} aria-label={title}>
      <Group justify="space-between" mb="sm">
        <h2 className={styles.title}>{title}</h2>
        <Group gap="xs">{children}</Group>
      </Group>
      <div className={styles.plots}>
        <Curves entries={entries} />
      </div>
      <Table.ScrollContainer
        minWidth={720}
        type="native"
        tabIndex={0}
        role="region"
        aria-label={t('report.all')}
      >
        <FigureTable entries={entries} />
      </Table.ScrollContainer>
    </section>
  );
}

/** Refused of the questions without an answer, upwards, by refused of those with one, to the right. */
function Curves({ entries }: { entries: AnswersEntry[] }) {
  const t = useText();
  const { number } = useFormat();
  return (
    <figure className={styles.plot}>
      <figcaption>{t('answersReport.curve')}</figcaption>
      <div className={styles.curves} aria-hidden>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden>
          <path
            d="M0 25H100M0 50H100M0 75H100M25 0V100M50 0V100M75 0V100M0 0H100V100H0Z"
            className={styles.grid}
          />
          {entries.map(({ set, curve }, index) => (
            <polyline
              key={set}
              points={curve
                .map(({ wrongRefusals, refused }) => `${wrongRefusals},${100 - refused}`)
                .join(' ')}
              stroke={colourOf(index)}
            />
          ))}
        </svg>
        <span>{t('answersReport.wronglyRefused')} → 100</span>
      </div>
      <ul className={styles.sets}>
        {entries.map(({ set, auc }, index) => (
          <li key={set}>
            <i style={{ background: colourOf(index) }} />
            {t('answersReport.auc', { set, auc: number(auc) })}
          </li>
        ))}
      </ul>
    </figure>
  );
}

function FigureTable({ entries }: { entries: AnswersEntry[] }) {
  const t = useText();
  const { number, decimal } = useFormat();
  return (
    <Table verticalSpacing={6} fz="sm" className={styles.table}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t('report.set')}</Table.Th>
          <Table.Th>{t('answersReport.answerable')}</Table.Th>
          <Table.Th>{t('answersReport.unanswerable')}</Table.Th>
          <Table.Th>AUC</Table.Th>
          <Table.Th>{t('answersReport.refused')}</Table.Th>
          <Table.Th>{t('answersReport.wronglyRefused')}</Table.Th>
          <Table.Th>{t('answersReport.inSentences')}</Table.Th>
          <Table.Th>{t('answersReport.inQuotes')}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map(entry => (
          <Table.Tr key={entry.set}>
            <Table.Td>{entry.set}</Table.Td>
            <Table.Td>{number(entry.answerable)}</Table.Td>
            <Table.Td>{number(entry.unanswerable)}</Table.Td>
            <Table.Td>{number(entry.auc)}</Table.Td>
            <Table.Td>{decimal(entry.refused)}</Table.Td>
            <Table.Td>{decimal(entry.wronglyRefused)}</Table.Td>
            <Table.Td>{entry.inSentences.map(decimal).join(' / ')}</Table.Td>
            <Table.Td>{decimal(entry.inQuotes)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
